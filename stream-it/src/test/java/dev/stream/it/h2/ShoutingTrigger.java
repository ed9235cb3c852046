package dev.stream.it.h2;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.h2.api.Trigger;

/** Writes names in capitals, and refuses one; H2 makes it by its name. */
public final class ShoutingTrigger implements Trigger {

  /** For H2. */
  public ShoutingTrigger() {}

  @Override
  public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
    if ("refuse".equals(after[1])) {
      throw new SQLException("refused by the trigger", "45000", 7);
    }
    after[1] = String.valueOf(after[1]).toUpperCase(Locale.ROOT);
  }
}
