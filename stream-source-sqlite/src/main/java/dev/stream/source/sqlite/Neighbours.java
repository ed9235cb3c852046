package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private static final String OWN = String.valueOf(ProcessHandle.current().pid());
  private static final long SEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** The byte of the index that a writer locks; the next one is the checkpointer's. */
  private static final long WRITE_LOCK = 120;

  private final Path locks;
  private final String database;
  private final String index;
  private boolean seen;
  private long seenAt = System.nanoTime() - SEEN_NANOS;

  private Neighbours(Path locks, String database, String index) {
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
    return new Neighbours(locks, inode(database), inode(WalIndex.path(database)));
  }

  private static String inode(Path file) throws IOException {
    try {
      return ":" + Files.getAttribute(file, "unix:ino") + " ";
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return ": "; // never listed
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
      seen =
          locks().lines().anyMatch(lock -> lock.contains(database) && !isOwn(lock))
              || log.descriptors() > own;
    }
    return seen;
  }

  /**
   * Whether a checkpointer keeps writers waiting, which it does until nobody reads the log any
   * more. A writer locks one byte of the index, one that checkpoints in passing the next, and only
   * {@code FULL}, {@code RESTART} and {@code TRUNCATE} lock both ("WAL-mode File Format", section
   * 2.3.1).
   */
  boolean keepWritersWaiting() {
    return isListed(WRITE_LOCK);
  }

  /** Whether somebody is seen to checkpoint, in whatever mode. */
  boolean areSeenCheckpointing() {
    return isListed(WRITE_LOCK + 1);
  }

  /** Whether a lock of the index is listed from a byte on, up to the checkpointer's at least. */
  private boolean isListed(long from) {
    String all = locks();
    for (int at = all.indexOf(index); at >= 0; at = all.indexOf(index, at + 1)) {
      int start = all.lastIndexOf('\n', at) + 1;
      int end = all.indexOf('\n', at);
      if (isCheckpointers(all.substring(start, end < 0 ? all.length() : end), from)) {
        return true;
      }
    }
    return false;
  }

  /** A line reads: number, POSIX, ADVISORY, READ or WRITE, process, device:inode, first, last. */
  private static boolean isCheckpointers(String lock, long from) {
    String[] part = lock.strip().split("\\s+", -1);
    try {
      return part.length == 8
          && part[3].equals("WRITE")
          && Long.parseLong(part[6]) <= from
          && !part[7].equals("EOF")
          && Long.parseLong(part[7]) >= WRITE_LOCK + 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isOwn(String lock) {
    return lock.contains(" " + OWN + " ");
  }

  /** A line each, or nothing where the system does not tell. */
  private String locks() {
    try {
      return Files.readString(locks, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
