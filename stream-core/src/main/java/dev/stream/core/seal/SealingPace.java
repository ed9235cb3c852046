package dev.stream.core.seal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When the active log becomes a segment. Times are those of {@link System#nanoTime}. For use by one
 * thread at a time.
 */
final class SealingPace {

  /** What this part of the interval is left for: to seal what was collected, and to send it. */
  private static final int DELIVERY = 25;

  /**
   * Commits that the source put off come shortly before the end of the interval that began with the
   * first of them, counted generously: nothing more is waited for when they are there.
   */
  private static final int EARLY = 16;

  /**
   * Below it an interval bounds how often there is a segment, not how long a commit waits: the
   * first one after a pause goes at once, and there are hardly more objects than otherwise.
   */
  private static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final long intervalNanos;
  private long closedAt;
  private long seenAt;
  private boolean seen;

  /**
   * The pace of one sealing.
   *
   * @param interval how long a commit may take to a replica that is near and idle
   * @param now the time
   */
  SealingPace(Duration interval, long now) {
    this.intervalNanos = interval.toNanos();
    this.closedAt = now - intervalNanos;
  }

  /** There are commits that will be appended: their interval begins with the first of them. */
  void putOff(long now) {
    if (!seen) {
      seen = true;
      seenAt = now;
    }
  }

  /** When a log is to be closed in which the first commits are now. */
  long dueAt(long now) {
    if (intervalNanos < PROMPT_NANOS) {
      long next = closedAt + shortened(DELIVERY);
      return next - now > 0 ? next : now;
    }
    return seen ? seenAt + shortened(EARLY) : now + shortened(DELIVERY);
  }

  /** What was put off is in the log. */
  void delivered() {
    seen = false;
  }

  private long shortened(int part) {
    return intervalNanos - intervalNanos / part;
  }

  /** The log was closed. */
  void closed(long now) {
    closedAt = now;
  }
}
