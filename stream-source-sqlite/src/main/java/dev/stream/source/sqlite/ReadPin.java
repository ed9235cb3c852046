package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An open read transaction. While it is held, the log cannot be restarted (its read mark is above
 * 0), or nothing can be written back to the database file (its read mark is 0).
 */
final class ReadPin implements AutoCloseable {

  private static final long PUBLICATION_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final Connection connection;
  private final PreparedStatement read;
  private boolean begun;
  private boolean held;

  ReadPin(Path database) throws SQLException {
    connection = Connections.openForReading(database);
    try {
      read = connection.prepareStatement("PRAGMA schema_version");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Takes the pin at the newest commit.
   *
   * <p>SQLite settles a read that meets a writer in the middle of publishing by taking the write
   * lock for a moment, and a writer without a busy timeout would fail on that. So the read is made
   * right after a commit was published, when the next one is farthest away, or when there is none.
   *
   * @param index the log's index; null only where nothing is open yet that could tell
   */
  void take(@Nullable WalIndex index) throws SQLException, IOException {
    if (held) {
      return;
    }
    try {
      prepare();
      if (index != null) {
        index.awaitPublication(PUBLICATION_NANOS);
      }
      // BEGIN alone takes no snapshot; reading the schema cookie does, and parses no schema.
      try (ResultSet cookie = read.executeQuery()) {
        cookie.next();
      }
      held = true;
    } finally {
      if (!held) {
        release();
      }
    }
  }

  /** The signature of what the pin holds. */
  SqliteSignature signature(long changeCounter) throws SQLException {
    return SqliteSignature.of(connection, changeCounter);
  }

  boolean isHeld() {
    return held;
  }

  /** Does what can be done of {@link #take} without reading anything yet. */
  void prepare() throws SQLException {
    if (!begun) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN");
        begun = true;
      }
    }
  }

  void release() throws SQLException {
    held = false;
    if (begun) {
      begun = false;
      try (Statement statement = connection.createStatement()) {
        statement.execute("ROLLBACK");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
