package dev.stream.core.shadow;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The file of a log that was sealed, kept for the next one: to write over what a file has costs a
 * commit a third of what it costs to make it longer. Thread-safe.
 */
final class SpareLog {

  private static final long MOST = 64L << 20;

  private final Path place;
  private final AtomicBoolean kept = new AtomicBoolean();

  /**
   * None yet.
   *
   * @param place where it is kept; what a former process left there is gone
   */
  SpareLog(Path place) {
    this.place = place;
  }

  /**
   * Keeps the file of a log, or deletes it if there is one already.
   *
   * @param used how much of it the log took
   */
  void keep(Path log, long used) throws IOException {
    if (!kept.get() && Files.notExists(place)) {
      try {
        Files.move(log, place);
        cut(used);
        kept.set(true);
        return;
      } catch (IOException e) {
        Files.deleteIfExists(place); // then the next log makes a file of its own
      }
    }
    Files.deleteIfExists(log);
  }

  /** What no log has needed lately is given back, little by little. */
  private void cut(long used) throws IOException {
    long length = Files.size(place);
    long enough = Math.min(MOST, used < length / 4 ? length / 2 : length);
    if (enough < length) {
      try (RandomAccessFile file = new RandomAccessFile(place.toFile(), "rw")) {
        file.setLength(enough);
      }
    }
  }

  /** Hands out the file, to be written and moved; null if there is none. */
  @Nullable Path take() {
    return kept.getAndSet(false) ? place : null;
  }

  /** Deletes the file. */
  void close() throws IOException {
    if (kept.getAndSet(false)) {
      Files.deleteIfExists(place);
    }
  }
}
