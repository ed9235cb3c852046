package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether other connections than Stream's own have a database open, as far as the system tells.
 *
 * <p>A connection in WAL mode holds a shared lock on the database file as long as it is open (on
 * the bytes from 0x40000002 on, see "File Locking And Concurrency In SQLite Version 3"). Linux
 * lists the locks of the processes that this one can see; those of another container are not among
 * them. Connections in this process are found by their descriptors of the log.
 */
final class Neighbours {

  private static final Path LOCKS = Path.of("/proc/locks");
  private static final String OWN = String.valueOf(ProcessHandle.current().pid());

  private final String inode;

  private Neighbours(String inode) {
    this.inode = inode;
  }

  static Neighbours of(Path database) throws IOException {
    try {
      return new Neighbours(":" + Files.getAttribute(database, "unix:ino"));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return new Neighbours(":"); // never listed
    }
  }

  /**
   * Whether others are seen.
   *
   * @param log the database's log
   * @param own how many descriptors of the log Stream has itself
   */
  boolean seen(WalFile log, int own) {
    return otherProcess() || log.descriptors() > own;
  }

  /** A line reads: number, POSIX, ADVISORY, READ or WRITE, process, device:inode, range. */
  private boolean otherProcess() {
    List<String> lines;
    try {
      lines = Files.readAllLines(LOCKS);
    } catch (IOException e) {
      return false;
    }
    for (String line : lines) {
      int at = line.indexOf(inode + " ");
      if (at > 0 && !line.substring(0, at).contains(" " + OWN + " ")) {
        return true;
      }
    }
    return false;
  }
}
