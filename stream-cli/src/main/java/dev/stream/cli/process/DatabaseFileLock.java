package dev.stream.cli.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a database file, which keeps others from locking it until it is closed. Databases lock
 * their file while they have it open, H2 all of it and SQLite parts of it. So if the lock cannot be
 * had, somebody has the database open.
 *
 * <p>A process that has the file open as a database must not use this: closing it would release the
 * locks of the database, too.
 */
public final class DatabaseFileLock implements AutoCloseable {

  /** A lock on nothing. */
  public static final DatabaseFileLock NONE = new DatabaseFileLock(null);

  private final @Nullable FileChannel channel;

  private DatabaseFileLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a file against everybody, or, where this user may only read it, against writers.
   *
   * @return null if somebody else has a lock on the file; {@link #NONE} if there is no such file,
   *     or if its file system has no locks
   */
  public static @Nullable DatabaseFileLock exclusively(Path file) {
    try {
      return hold(file, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      return fromWriters(file);
    } catch (IOException e) {
      return NONE;
    }
  }

  /** Locks a file as {@link #exclusively} does, but others may go on reading it. */
  public static @Nullable DatabaseFileLock fromWriters(Path file) {
    try {
      return hold(file, StandardOpenOption.READ);
    } catch (IOException e) {
      return NONE;
    }
  }

  private static @Nullable DatabaseFileLock hold(Path file, OpenOption access) throws IOException {
    if (!Files.isRegularFile(file)) {
      return NONE;
    }
    FileChannel channel = FileChannel.open(file, access);
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, access == StandardOpenOption.READ);
      if (lock == null) {
        channel.close();
        return null;
      }
      return new DatabaseFileLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    if (open != null) {
      open.close();
    }
  }
}
