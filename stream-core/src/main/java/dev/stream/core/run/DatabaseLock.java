package dev.stream.core.run;

import dev.stream.core.file.FileRights;
import dev.stream.core.retry.Sleeper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second Stream on this machine, with a shadow directory of its own, from a database that
 * one follows from outside. It is a file beside the database and not the database itself, of which
 * nothing may be closed: that would drop the locks of the process. The operating system frees it on
 * a crash; an orderly end removes it.
 */
public final class DatabaseLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseLock.class);
  private static final Duration PAUSE = Duration.ofMillis(100);

  // A second channel on the file in this process would, once closed, drop the first one's lock.
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;

  private DatabaseLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes it, with some patience, as the one before may be about to end.
   *
   * @param shadow for whoever comes next
   * @return null if there is no database yet, or nothing can be written beside it
   * @throws IOException if another Stream has it, saying which
   */
  public static @Nullable DatabaseLock acquire(
      Path database, Path shadow, Duration patience, Sleeper sleeper) throws IOException {
    if (!Files.exists(database)) {
      return null;
    }
    Path real = database.toRealPath();
    Path file = real.resolveSibling(real.getFileName() + ".stream-lock");
    long deadline = System.nanoTime() + patience.toNanos();
    for (boolean told = false; ; told = true) {
      try {
        DatabaseLock lock = attempt(real, file, shadow);
        if (lock != null) {
          return lock;
        }
      } catch (IOException e) {
        LOG.warn(
            "nothing keeps a second Stream from {}: {} cannot be locked ({})", real, file, "" + e);
        return null;
      }
      if (System.nanoTime() >= deadline) {
        throw new IOException(
            "another Stream follows "
                + real
                + " already: "
                + holder(file)
                + "; nothing was changed. Stop that one; the lock is "
                + file);
      }
      if (!told) {
        LOG.info("another Stream follows {} ({}); waiting for it to end", real, holder(file));
      }
      try {
        sleeper.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for " + file);
      }
    }
  }

  private static @Nullable DatabaseLock attempt(Path database, Path file, Path shadow)
      throws IOException {
    String text = "pid " + ProcessHandle.current().pid() + ", shadow directory " + shadow + "\n";
    if (HELD.putIfAbsent(file, text) != null) {
      return null;
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        // If we are killed it stays, and whoever comes next may run as another user.
        FileRights.of(database).giveFile(file);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        // The one before may have removed the file between its being opened and locked. Not read
        // anew: closing a second descriptor would drop the lock.
        taken = Files.exists(file) && Files.size(file) > 0;
      }
      return taken ? new DatabaseLock(file, channel) : null;
    } catch (OverlappingFileLockException e) {
      return null;
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        HELD.remove(file);
      }
    }
  }

  /** Of a lock that is held here the file is not read: that would drop it. */
  private static String holder(Path file) {
    String here = HELD.get(file);
    try {
      String text = (here == null ? Files.readString(file) : here).strip();
      return text.isEmpty() ? "an unknown process" : text;
    } catch (IOException e) {
      return "an unknown process";
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file); // while it is locked
    } finally {
      try {
        channel.close();
      } finally {
        HELD.remove(file);
      }
    }
  }
}
