package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is open on a database while its log is followed. As long as it is, the last connection of
 * the application does not tidy up behind itself, so it must not last longer than commits come.
 */
final class Attachment {

  private final Path path;
  private final DatabaseFile file;
  private final LogGuard guard;
  private final WalFile wal;
  private final Neighbours neighbours;

  private Attachment(
      Path path, DatabaseFile file, LogGuard guard, WalFile wal, Neighbours neighbours) {
    this.path = path;
    this.file = file;
    this.guard = guard;
    this.wal = wal;
    this.neighbours = neighbours;
  }

  /**
   * Opens a database that is in WAL mode, and takes a pin.
   *
   * @param path real path of the file
   * @param known the index as it was read before; null for none
   */
  static Attachment open(Path path, @Nullable WalIndex known) throws IOException, SQLException {
    DatabaseFile file = DatabaseFile.at(path);
    LogGuard guard = LogGuard.open(path, known);
    try {
      if (guard.index().descriptors() == 1) {
        // Connections of one process share the index, whatever is at its path by now.
        throw new IOException(
            "the index "
                + WalIndex.path(path)
                + " was removed while a connection in this process had it open; nothing can be"
                + " captured until that is closed");
      }
      return new Attachment(
          path, file, guard, WalFile.open(WalFile.path(path)), Neighbours.of(path));
    } catch (IOException | RuntimeException e) {
      guard.close(false);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  DatabaseFile file() {
    return file;
  }

  LogGuard guard() {
    return guard;
  }

  WalFile wal() {
    return wal;
  }

  WalIndex index() {
    return guard.index();
  }

  /** Whether all three paths still lead to what is open here. */
  boolean isCurrent() throws IOException {
    return file.isCurrent() && wal.isCurrent() && index().isCurrent();
  }

  /** Whether others are seen to have the database open. */
  boolean hasNeighbours() {
    return neighbours.areThere(wal, guard.descriptors() + 1);
  }

  /** What others do with the database. */
  Neighbours neighbours() {
    return neighbours;
  }

  /**
   * Lets go of everything, such that nothing is touched that belongs to another file or log.
   *
   * @return a sentence if commits were in a log that somebody has removed; null if there is nothing
   *     to tell
   */
  @Nullable String close() throws IOException, SQLException {
    try (wal) {
      boolean sameFile = file.isCurrent();
      Object log = WalFile.key(wal.path());
      boolean sameLog = log == null || wal.isCurrent();
      boolean sameIndex = WalFile.key(WalIndex.path(path)) == null || index().isCurrent();
      boolean asLast = sameFile && sameLog && sameIndex;
      String lost = null;
      if (!sameFile && wal.isCurrent()) {
        // The file that is at the path now must not meet the log of the one before.
        guard.empty();
      } else if (sameFile && !asLast) {
        lost = lost();
      }
      guard.close(asLast);
      return lost;
    }
  }

  private @Nullable String lost() throws IOException {
    WalIndex.State state = index().readOnce();
    if (state == null || state.writtenBack() >= state.logFrames()) {
      return null;
    }
    return "the write-ahead log of "
        + path
        + " was removed while it was in use, and a new one has begun: "
        + (state.logFrames() - state.writtenBack())
        + " of its frames were not in the database file and are not any more what the application"
        + " reads. Stream has captured them; 'stream restore --tx' can bring them back";
  }
}
