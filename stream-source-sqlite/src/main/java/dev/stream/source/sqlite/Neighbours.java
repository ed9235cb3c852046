package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What other connections than Stream's own do with a database, as far as the system tells: Linux
 * lists the locks of the processes that this one can see. Those of another container are not among
 * them.
 *
 * <p>For use by several threads.
 */
final class Neighbours {

  private static final Path LOCKS = Path.of("/proc/locks");
  private static final long OWN = ProcessHandle.current().pid();
  private static final long SEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  /** The bytes of the index that a writer and a checkpointer lock. */
  private static final long WRITE_LOCK = 120;

  private static final long CHECKPOINT_LOCK = 121;

  private final ListedLocks locks;
  private final byte[] database;
  private final byte[] index;
  private boolean seen;
  private long seenAt = System.nanoTime() - SEEN_NANOS;

  private Neighbours(ListedLocks locks, byte[] database, byte[] index) {
    this.locks = locks;
    this.database = database;
    this.index = index;
  }

  /** Those of a database that is open in WAL mode. */
  static Neighbours of(Path database) throws IOException {
    return of(database, LOCKS);
  }

  /**
   * Those of a database.
   *
   * @param locks where the system lists locks
   */
  static Neighbours of(Path database, Path locks) throws IOException {
    return new Neighbours(new ListedLocks(locks), inode(database), inode(WalIndex.path(database)));
  }

  private static byte[] inode(Path file) throws IOException {
    try {
      return ListedLocks.file(Files.getAttribute(file, "unix:ino"));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return ListedLocks.file(""); // never listed
    }
  }

  /**
   * Whether others have the database open: a connection in WAL mode holds a shared lock on the file
   * as long as it is open ("File Locking And Concurrency In SQLite Version 3"). Connections in this
   * process are found by their descriptors of the log. Looked up every few milliseconds only.
   *
   * @param log the database's log
   * @param own how many descriptors of the log Stream has itself
   */
  synchronized boolean areThere(WalFile log, int own) {
    long now = System.nanoTime();
    if (now - seenAt >= SEEN_NANOS) {
      seenAt = now;
      locks.read();
      seen = locks.isLockedByOthers(database, OWN) || log.descriptors() > own;
    }
    return seen;
  }

  /**
   * Whether a checkpointer keeps writers waiting, which it does until nobody reads the log any
   * more. A writer locks one byte of the index, one that checkpoints in passing the next, and only
   * {@code FULL}, {@code RESTART} and {@code TRUNCATE} lock both ("WAL-mode File Format", section
   * 2.3.1).
   */
  synchronized boolean keepWritersWaiting() {
    locks.read();
    return locks.isExclusivelyLocked(index, WRITE_LOCK, CHECKPOINT_LOCK);
  }

  /** Whether somebody is seen to checkpoint, in whatever mode. */
  synchronized boolean areSeenCheckpointing() {
    locks.read();
    return locks.isExclusivelyLocked(index, CHECKPOINT_LOCK, CHECKPOINT_LOCK);
  }
}
