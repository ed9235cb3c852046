package dev.stream.core.shadow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keeps a second Stream out of a shadow directory; the operating system frees it on a crash. */
final class ShadowLock implements AutoCloseable {

  /** Its file in the shadow directory. */
  static final String NAME = "lock";

  // A second channel on the lock file in this process would, once closed, drop the first one's
  // lock.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;
  private boolean closed;

  private ShadowLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  static ShadowLock acquire(Path folder) throws IOException {
    if (!HELD.add(folder)) {
      throw inUse(folder, "this process (pid " + ProcessHandle.current().pid() + ")");
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve(NAME),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        throw inUse(folder, holder(channel));
      }
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid), 0);
      return new ShadowLock(folder, channel);
    } catch (IOException | RuntimeException e) {
      HELD.remove(folder);
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  /**
   * With some patience: {@code stream status} takes the lock for an instant to see if it is free.
   */
  private static boolean tryLock(FileChannel channel) throws IOException {
    for (int attempt = 0; channel.tryLock() == null; attempt++) {
      if (attempt == 10) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return true;
  }

  private static String holder(FileChannel channel) {
    try {
      ByteBuffer pid = ByteBuffer.allocate(20);
      channel.read(pid, 0);
      String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).trim();
      return text.isEmpty() ? "another process" : "another process (pid " + text + ")";
    } catch (IOException e) {
      return "another process";
    }
  }

  private static IOException inUse(Path folder, String holder) {
    return new IOException(
        "the shadow directory "
            + folder
            + " is in use by another Stream in "
            + holder
            + "; nothing was changed. Stop that one, or give this one a \"shadowDir\" of its own.");
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        channel.close();
      } finally {
        HELD.remove(folder);
      }
    }
  }
}
