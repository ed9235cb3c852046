package dev.stream.source.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * An open read transaction. While it is held, the log cannot be restarted (its read mark is above
 * 0), or nothing can be written back to the database file (its read mark is 0).
 */
final class ReadPin implements AutoCloseable {

  private static final int LOCK_TIMEOUT_MS = 200;

  private final Connection connection;
  private boolean held;

  ReadPin(Path database) throws SQLException {
    connection = Connections.open(database);
  }

  void take() throws SQLException {
    if (!held) {
      try (var statement = connection.createStatement()) {
        statement.execute("BEGIN");
        held = true;
      }
      try {
        // BEGIN alone takes no snapshot; reading the schema cookie does, and parses no schema.
        Connections.queryInt(connection, "PRAGMA schema_version");
      } catch (SQLException e) {
        release();
        throw e;
      }
    }
  }

  void release() throws SQLException {
    if (held) {
      held = false;
      try (var statement = connection.createStatement()) {
        statement.execute("ROLLBACK");
      }
    }
  }

  /**
   * Takes the write lock instead of a mere pin, waiting for it only briefly; {@link #release} gives
   * it back.
   *
   * @return false if another connection has it
   */
  boolean lockForWriting() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=" + LOCK_TIMEOUT_MS);
      try {
        statement.execute("BEGIN IMMEDIATE");
        held = true;
        return true;
      } catch (SQLException e) {
        if (Connections.isBusy(e)) {
          return false;
        }
        throw e;
      } finally {
        statement.execute("PRAGMA busy_timeout=" + Connections.BUSY_TIMEOUT_MS);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
