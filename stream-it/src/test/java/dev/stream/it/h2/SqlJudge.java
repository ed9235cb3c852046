package dev.stream.it.h2;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens a copy as a database: each writer's table must be in a state that is allowed. */
final class SqlJudge implements Verdicts.Judge {

  private final H2Copy copies;
  private final List<SqlWriter> writers;

  SqlJudge(H2Copy copies, List<SqlWriter> writers) {
    this.copies = copies;
    this.writers = writers;
  }

  @Override
  public @Nullable String wrong(byte[] bytes, List<StateLog.Span> spans) throws IOException {
    List<TableState> found;
    try {
      found = copies.ask(bytes, connection -> read(connection, spans.size()));
    } catch (SQLException e) {
      return e.toString();
    }
    for (int i = 0; i < spans.size(); i++) {
      StateLog<TableState> log = writers.get(i).log();
      if (!log.has(spans.get(i), found.get(i))) {
        return "table t" + i + ": " + log.describe(spans.get(i), found.get(i));
      }
    }
    return null;
  }

  private static List<TableState> read(Connection connection, int count) throws SQLException {
    List<TableState> tables = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tables.add(H2Copy.read(connection, i));
    }
    return tables;
  }
}
