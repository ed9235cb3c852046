package dev.stream.source.sqlite;

import dev.stream.source.sqlite.Connections.CheckpointState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Stream's own connections to a live database: two pins, of which at least one is held except in
 * the one place that says so, a connection that checkpoints, and the log's shared index.
 */
final class LogGuard implements AutoCloseable {

  private final Connection probe;
  private final PreparedStatement passive;
  private final WalIndex index;
  private ReadPin current;
  private ReadPin spare;

  private LogGuard(Path database, Connection probe) throws SQLException, IOException {
    this.probe = probe;
    this.passive = probe.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
    this.current = new ReadPin(database);
    try {
      this.spare = new ReadPin(database);
      current.take(null);
      // The pin's connection keeps the index as it is from here on.
      this.index = WalIndex.of(database);
    } catch (SQLException | IOException e) {
      current.close();
      throw e;
    }
  }

  /** Opens the connections and takes the first pin. The database must be in WAL mode. */
  static LogGuard open(Path database) throws IOException {
    Connection probe = null;
    try {
      probe = Connections.open(database);
      return new LogGuard(database, probe);
    } catch (IOException e) {
      close(probe);
      throw e;
    } catch (SQLException e) {
      close(probe);
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

  /**
   * Frames of the log that are committed and published in the shared index, and how many of them
   * are written back. A frame that is whole on disk but not published does not count: its writer
   * may have died, and the next one will overwrite it.
   */
  CheckpointState published() throws IOException {
    return index.read();
  }

  /** The log's shared index. */
  WalIndex index() {
    return index;
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
    current.prepare();
  }

  void take() throws SQLException, IOException {
    current.take(index);
  }

  /**
   * Takes the pin if a failure left none.
   *
   * @return whether it was held already
   */
  boolean ensurePinned() throws SQLException, IOException {
    boolean held = current.isHeld();
    take();
    return held;
  }

  /** Writes back what the pins and other readers allow; never waits for anyone. */
  CheckpointState checkpoint() throws SQLException {
    return CheckpointState.query(passive);
  }

  /**
   * Takes the write lock, so that no commit falls between the steps of {@code body}; writes
   * nothing.
   *
   * @return false if the lock is taken by somebody else
   */
  boolean underWriteLock(LockedSteps body) throws SQLException, IOException {
    if (!spare.lockForWriting()) {
      return false;
    }
    try {
      body.run();
    } finally {
      spare.release();
    }
    return true;
  }

  /** What runs under the write lock. */
  @FunctionalInterface
  interface LockedSteps {
    void run() throws SQLException, IOException;
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

  @Override
  public void close() throws SQLException {
    ReadPin held = current;
    ReadPin idle = spare;
    try (probe;
        held;
        idle) {
      passive.close();
    }
  }
}
