package dev.stream.it.h2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A copy of a database's bytes, opened by H2 alone. For one thread. */
final class H2Copy {

  private final Path folder;
  private int count;

  H2Copy(Path folder) {
    this.folder = folder;
  }

  /** Something that is asked of an open copy. */
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /** Opens the bytes under a name that was never used before, asks, and removes the copy. */
  <T> T ask(byte[] bytes, Question<T> question) throws IOException, SQLException {
    Path database = folder.resolve("copy-" + count++);
    Path file = Path.of(database + ".mv.db");
    Files.write(file, bytes);
    try (Connection connection = DriverManager.getConnection("jdbc:h2:" + database)) {
      T answer = question.ask(connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SHUTDOWN IMMEDIATELY");
      }
      return answer;
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(Path.of(database + ".trace.db"));
    }
  }

  /** What a writer's table holds. */
  static TableState read(Connection connection, int writer) throws SQLException {
    int tally;
    Map<Integer, Row> rows = new HashMap<>();
    String table = name(connection, "T" + writer);
    try (Statement statement = connection.createStatement()) {
      try (ResultSet found = statement.executeQuery("SELECT n FROM tally WHERE w = " + writer)) {
        found.next();
        tally = found.getInt(1);
      }
      try (ResultSet found = statement.executeQuery("SELECT id, n, v, b FROM " + table)) {
        while (found.next()) {
          rows.put(
              found.getInt(1), new Row(found.getInt(2), found.getString(3), found.getBytes(4)));
        }
      }
      TableState state = TableState.of(tally, rows);
      // Through the index on n, if there is one.
      try (ResultSet found =
          statement.executeQuery("SELECT COUNT(*), SUM(n) FROM " + table + " WHERE n > -1")) {
        found.next();
        return new TableState(tally, found.getInt(1), found.getLong(2), state.digest());
      }
    }
  }

  /**
   * H2 alters a table by copying it, dropping it and renaming the copy, in several commits: whoever
   * is killed in between, with or without Stream, finds the copy under its first name.
   */
  private static String name(Connection connection, String table) throws SQLException {
    try (PreparedStatement tables =
        connection.prepareStatement(
            "SELECT table_name FROM information_schema.tables WHERE table_name = ?"
                + " OR table_name LIKE ? ORDER BY LENGTH(table_name)")) {
      tables.setString(1, table);
      tables.setString(2, table + "_COPY_%");
      try (ResultSet found = tables.executeQuery()) {
        return found.next() ? found.getString(1) : table;
      }
    }
  }
}
