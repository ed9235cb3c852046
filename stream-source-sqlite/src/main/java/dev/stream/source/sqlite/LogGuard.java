package dev.stream.source.sqlite;

import dev.stream.source.sqlite.Connections.CheckpointState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stream's own connections to a live database: two pins that only read, and a <em>keeper</em> that
 * checkpoints and, closed last, does what SQLite does behind the last connection: it writes the log
 * back and removes it, if nobody else is there. Closed before the pins, it does nothing at all.
 *
 * <p>For use by one thread.
 */
final class LogGuard {

  private static final long LOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Path database;
  private final Connection keeper;
  private final PreparedStatement passive;
  private final WalIndex index;
  private ReadPin current;
  private ReadPin spare;

  private LogGuard(Path database, Connection keeper, @Nullable WalIndex known)
      throws SQLException, IOException {
    this.database = database;
    this.keeper = keeper;
    this.passive = keeper.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
    this.current = new ReadPin(database);
    try {
      this.spare = new ReadPin(database);
      current.take(null);
      // Reading opens the log, so that closing the keeper can see to it.
      Connections.queryString(keeper, "PRAGMA schema_version");
      // The pin's connection keeps the index as it is from here on.
      this.index = known != null && known.isCurrent() ? known : WalIndex.of(database);
    } catch (SQLException | IOException e) {
      current.close();
      throw e;
    }
  }

  /**
   * Opens the connections and takes the first pin. The database must be in WAL mode.
   *
   * @param known the index as it was read before, which is gone on with if it is still the same
   */
  static LogGuard open(Path database, @Nullable WalIndex known) throws IOException {
    Connection keeper = null;
    try {
      keeper = Connections.open(database);
      return new LogGuard(database, keeper, known);
    } catch (IOException e) {
      close(keeper);
      throw e;
    } catch (SQLException e) {
      close(keeper);
      throw Connections.explain("cannot open", database, e);
    }
  }

  private static void close(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // The failure that led here is the one to report.
    }
  }

  /** How many descriptors of the log these connections have. */
  int descriptors() {
    return 3;
  }

  /**
   * Frames of the log that are committed and published in the shared index, and how many of them
   * are written back. A frame that is whole on disk but not published does not count: its writer
   * may have died, and the next one will overwrite it.
   */
  WalIndex.State published() throws IOException {
    return index.read();
  }

  /** The log's shared index. */
  WalIndex index() {
    return index;
  }

  boolean isPinned() {
    return current.isHeld();
  }

  /** Moves the pin to the newest commit; the old one is held until the new one is. */
  void advance() throws SQLException, IOException {
    spare.take(index);
    current.release();
    ReadPin moved = spare;
    spare = current;
    current = moved;
  }

  /** Lets go of every pin: from here on the log may be restarted unseen. */
  void release() throws SQLException {
    current.release();
  }

  /** Lets go of every pin for a moment, to be taken again as fast as can be. */
  void releaseShortly() throws SQLException {
    current.release();
    current.prepare();
  }

  void take() throws SQLException, IOException {
    current.take(index);
  }

  /**
   * The signature of the newest commit.
   *
   * @param known one whose schema may still be right; null if none is
   * @param changeCounter at most that of the newest commit
   */
  SqliteSignature signature(@Nullable SqliteSignature known, long changeCounter)
      throws SQLException {
    return known != null && known.cookie() == SqliteSignature.cookie(keeper)
        ? new SqliteSignature(known.schema(), known.cookie(), changeCounter)
        : SqliteSignature.of(keeper, changeCounter);
  }

  /** Writes back what the pins and other readers allow; never waits for anyone. */
  CheckpointState checkpoint() throws SQLException {
    return CheckpointState.query(passive);
  }

  /**
   * Writes all of the log back and empties it, unless a reader or a writer is in the way; never
   * waits for anyone. All happens through the files that are open, whatever their paths lead to.
   */
  void empty() throws SQLException {
    current.release();
    try (Statement statement = keeper.createStatement()) {
      statement.execute("PRAGMA busy_timeout=0");
      try {
        Connections.queryString(keeper, "PRAGMA wal_checkpoint(TRUNCATE)");
      } finally {
        statement.execute("PRAGMA busy_timeout=" + Connections.BUSY_TIMEOUT_MS);
      }
    }
  }

  /**
   * Takes the write lock on a connection of its own, so that no commit falls between the steps of
   * {@code body}; writes nothing. Tries without sleeping, since a writer that never pauses leaves
   * the lock free for microseconds only.
   *
   * @return false if the lock is taken by somebody else
   */
  boolean underWriteLock(LockedSteps body) throws SQLException, IOException, PositionLostException {
    try (Connection locking = Connections.open(database);
        Statement statement = locking.createStatement()) {
      statement.execute("PRAGMA busy_timeout=0");
      long start = System.nanoTime();
      while (!begin(statement)) {
        if (System.nanoTime() - start > LOCK_NANOS) {
          return false;
        }
        Thread.onSpinWait();
      }
      try {
        body.run();
      } finally {
        statement.execute("ROLLBACK");
      }
      return true;
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

  /** What runs under the write lock. */
  @FunctionalInterface
  interface LockedSteps {
    void run() throws SQLException, IOException, PositionLostException;
  }

  /**
   * Writes the whole log back and pins the file, so that the next commit restarts the log. Only
   * under the write lock: nothing can be committed while no pin is held.
   */
  void writeBackAll() throws SQLException, IOException {
    current.release();
    try {
      checkpoint();
    } finally {
      current.take(index);
    }
  }

  /**
   * Closes the connections.
   *
   * @param asLast whether SQLite may write the log back and remove it, as behind any last
   *     connection; if not, nothing of the files is touched
   */
  void close(boolean asLast) throws SQLException {
    ReadPin held = current;
    ReadPin idle = spare;
    if (asLast) {
      try (keeper;
          held;
          idle;
          passive) {
        // The keeper is closed last.
      }
    } else {
      try (held;
          idle;
          keeper;
          passive) {
        // The keeper is closed while a pin still shares the file.
      }
    }
  }
}
