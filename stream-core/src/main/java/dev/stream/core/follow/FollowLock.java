package dev.stream.core.follow;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sees to it that a copy has one follower; gone with the process. */
final class FollowLock implements AutoCloseable {

  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private FollowLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static FollowLock take(Path copy) throws IOException {
    Path file = copy.resolveSibling("." + copy.getFileName() + ".stream-follow.lock");
    if (!HELD.add(file)) {
      throw taken(copy, "this process");
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw taken(copy, "another process");
      }
      return new FollowLock(file, channel);
    } catch (IOException | RuntimeException e) {
      HELD.remove(file);
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  private static IOException taken(Path copy, String who) {
    return new IOException(
        copy + " is being followed by " + who + " already; nothing was changed. Stop that first");
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(file);
    }
  }
}
