package dev.stream.source.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.ProgressHandler;

/** Ends what a connection is doing when its time is up. */
final class QueryDeadline extends ProgressHandler {

  /** After so many steps of SQLite's machine the time is looked at. */
  private static final int STEPS = 1_000;

  private final long at;

  private QueryDeadline(Duration patience) {
    this.at = System.nanoTime() + patience.toNanos();
  }

  /** From now on a connection has so much time. */
  static void set(Connection connection, Duration patience) throws SQLException {
    ProgressHandler.setHandler(connection, STEPS, new QueryDeadline(patience));
  }

  @Override
  protected int progress() {
    return System.nanoTime() - at > 0 ? 1 : 0;
  }
}
