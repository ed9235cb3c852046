package dev.stream.it;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What holds in every committed state of a database that {@link RandomSql} writes, and in hardly
 * any other: each writer's transactions are there as a prefix without a gap, each of them wholly,
 * and each with all that it had seen of the other writer.
 */
final class Invariants {

  private Invariants() {}

  /** Asserts them of a file that nobody else uses, and that SQLite finds nothing wrong with it. */
  static void assertCommitted(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      expect(connection, "PRAGMA integrity_check", "ok", file);
      for (int writer = 0; writer < 2; writer++) {
        String tally = value(connection, "SELECT n FROM tally WHERE writer=" + writer);
        String own = " FROM journal WHERE writer=" + writer;
        expect(connection, "SELECT count(*)" + own, tally, file);
        expect(connection, "SELECT ifnull(max(n),0)" + own, tally, file);
        int other = 1 - writer;
        expect(
            connection,
            "SELECT count(*) FROM journal WHERE writer="
                + writer
                + " AND seen > (SELECT n FROM tally WHERE writer="
                + other
                + ")",
            "0",
            file);
      }
    }
  }

  private static void expect(Connection connection, String query, String expected, Path file)
      throws SQLException {
    String found = value(connection, query);
    if (!found.equals(expected)) {
      throw new AssertionError(
          file + " is no committed state: " + query + " is " + found + ", not " + expected);
    }
  }

  /** The first value that a query yields. */
  static String value(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? String.valueOf(row.getString(1)) : "nothing";
    }
  }
}
