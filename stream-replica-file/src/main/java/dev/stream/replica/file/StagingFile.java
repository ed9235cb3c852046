package dev.stream.replica.file;

import dev.stream.api.file.DurableOutput;
import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.support.ExactBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written and is not an object yet. It is locked as long as it is open, so
 * that other processes can tell it from what a killed one left.
 */
final class StagingFile implements AutoCloseable {

  /** The tilde keeps it from being a valid key. */
  private static final String PREFIX = ".stream~";

  /** Tells this process's files: to open and close one of them would drop its lock. */
  private static final String PROCESS = UUID.randomUUID().toString();

  private static final AtomicLong COUNTER = new AtomicLong();
  private static final Duration STALE_WITHOUT_LOCKS = Duration.ofDays(1);
  private static final int CHUNK = 128 << 10;
  private static final int TRIES = 10;

  private final Path path;
  private final FileChannel channel;

  private StagingFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Creates an empty one in the root. */
  static StagingFile create(Path root) throws IOException {
    for (int i = 0; ; i++) {
      Path path = root.resolve(PREFIX + PROCESS + "-" + COUNTER.incrementAndGet());
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              ObjectRights.atFirst(root));
      // Another process's cleaning may come between creation and lock.
      boolean held = lock(channel) != Lock.HELD_BY_ANOTHER && Files.exists(path);
      if (held || i == TRIES) {
        return new StagingFile(path, channel);
      }
      channel.close();
      Files.deleteIfExists(path);
    }
  }

  Path path() {
    return path;
  }

  /** Copies the whole body and forces it to the disk. */
  void fill(Path root, ObjectKey key, ObjectBody body) throws IOException {
    try (ExactBody content = ExactBody.open(key.value(), body)) {
      DurableOutput output = new DurableOutput(channel);
      byte[] chunk = new byte[(int) Math.max(1, Math.min(CHUNK, body.size()))];
      for (int count; (count = content.read(chunk)) >= 0; ) {
        output.write(ByteBuffer.wrap(chunk, 0, count));
      }
      output.finish();
      if (channel.size() != body.size()) {
        throw new IOException("the file has " + channel.size() + " bytes, not " + body.size());
      }
    } catch (IOException e) {
      // The failures of the content, which may be about another disk, have their reasons already.
      throw FileFailures.typed(root, "store " + key, e);
    }
  }

  /** Removes the file unless it was renamed, and then lets go of the lock. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(path);
    } finally {
      channel.close();
    }
  }

  /** Removes what killed processes left in the root, as far as that is certain. */
  static void removeStale(Path root) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(root, PREFIX + "*")) {
      for (Path path : found) {
        if (!path.getFileName().toString().startsWith(PREFIX + PROCESS) && isStale(path)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (NoSuchFileException e) {
      return;
    }
  }

  private static boolean isStale(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      return switch (lock(channel)) {
        case OURS -> true;
        case HELD_BY_ANOTHER -> false;
        case UNSUPPORTED ->
            Files.getLastModifiedTime(path)
                .toInstant()
                .isBefore(Instant.now().minus(STALE_WITHOUT_LOCKS));
      };
    } catch (NoSuchFileException e) {
      // Its writer has just finished.
      return false;
    }
  }

  private enum Lock {
    OURS,
    HELD_BY_ANOTHER,
    /** Some network file systems have none. */
    UNSUPPORTED
  }

  private static Lock lock(FileChannel channel) {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock == null ? Lock.HELD_BY_ANOTHER : Lock.OURS;
    } catch (OverlappingFileLockException e) {
      return Lock.HELD_BY_ANOTHER;
    } catch (IOException e) {
      return Lock.UNSUPPORTED;
    }
  }
}
