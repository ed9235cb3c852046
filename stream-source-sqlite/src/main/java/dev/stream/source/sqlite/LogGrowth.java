package dev.stream.source.sqlite;

import dev.stream.api.database.PageFlushObserver;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Warns of a log that has grown long, with the reason: once, and again when it is twice as long or
 * after a while. For use by one thread.
 */
final class LogGrowth {

  private static final long WARN_BYTES = 256L << 20;
  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(30);

  private final PageFlushObserver observer;
  private long warnedBytes;
  private long warnedAt;

  LogGrowth(PageFlushObserver observer) {
    this.observer = observer;
  }

  /**
   * The log is so long.
   *
   * @param largest bytes of the largest transaction in it
   * @param imagesOpen whether an image holds it
   */
  void measured(long bytes, long largest, boolean imagesOpen) {
    if (bytes < WARN_BYTES) {
      return;
    }
    long now = System.nanoTime();
    if (warnedBytes > 0 && bytes < 2 * warnedBytes && now - warnedAt < AGAIN_NANOS) {
      return;
    }
    warnedBytes = bytes;
    warnedAt = now;
    if (largest > bytes / 2) {
      observer.onNotice(
          String.format(
              Locale.ROOT,
              "the write-ahead log has grown to %d MiB by a transaction of %d MiB; it can be used"
                  + " from its start again after that",
              bytes >> 20,
              largest >> 20));
      return;
    }
    observer.onWarning(
        String.format(
            Locale.ROOT,
            "the write-ahead log has grown to %d MiB because %s; it can be used from its start"
                + " again after that",
            bytes >> 20,
            imagesOpen
                ? "a snapshot is being written"
                : "a read transaction of another connection, or a writer that never pauses and does"
                    + " not checkpoint, keeps it from being restarted"));
  }
}
