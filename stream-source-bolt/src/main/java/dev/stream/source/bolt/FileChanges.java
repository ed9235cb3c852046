package dev.stream.source.bolt;

import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a file was changed though no transaction tells of it, by its time of change. A
 * commit that is on its way writes its pages before its meta, for seconds if it is a large one, so
 * that only a time which stays what it is counts: to read all of a file that is not asked for takes
 * long, and a program that holds a transaction for that pays for it with each later commit. For use
 * by one thread.
 */
final class FileChanges {

  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private @Nullable FileTime explained;
  private @Nullable FileTime seen;
  private long seenAt;

  /** The file is read as it was after this change, or there is a transaction to be read. */
  void explained(FileTime changed) {
    explained = changed;
    seen = null;
  }

  /** Whether this is the last change, and no transaction has come of it. */
  boolean isUnexplained(FileTime changed, long nanoTime) {
    if (changed.equals(explained)) {
      return false;
    }
    if (!changed.equals(seen)) {
      seen = changed;
      seenAt = nanoTime;
    }
    return nanoTime - seenAt >= SETTLED_NANOS;
  }
}
