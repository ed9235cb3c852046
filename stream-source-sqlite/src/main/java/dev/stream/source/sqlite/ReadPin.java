package dev.stream.source.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * An open read transaction. While it is held, the log cannot be restarted (its read mark is above
 * 0), or nothing can be written back to the database file (its read mark is 0).
 */
final class ReadPin implements AutoCloseable {

  private static final long LOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

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
   * Takes the write lock instead of a mere pin; {@link #release} gives it back. Tries without
   * sleeping, since a writer that never pauses leaves the lock free for microseconds only.
   *
   * @return false if another connection had it all the time
   */
  boolean lockForWriting() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=0");
      try {
        long start = System.nanoTime();
        do {
          if (begin(statement)) {
            held = true;
            return true;
          }
          Thread.onSpinWait();
        } while (System.nanoTime() - start < LOCK_NANOS);
        return false;
      } finally {
        statement.execute("PRAGMA busy_timeout=" + Connections.BUSY_TIMEOUT_MS);
      }
    }
  }

  private static boolean begin(Statement statement) throws SQLException {
    try {
      statement.execute("BEGIN IMMEDIATE");
      return true;
    } catch (SQLException e) {
      if (Connections.isBusy(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
