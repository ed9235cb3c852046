package dev.stream.source.sqlite;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts commits by the counter in the header of a log's index ({@code iChange}, "WAL-mode File
 * Format", section 2.1): every commit of every connection adds one. It survives restarts of the log
 * and checkpoints of every kind; a rolled-back transaction does not touch it. It begins anew when
 * SQLite makes the index anew, which it does when a process died, or when all connections had been
 * closed.
 *
 * <p>So a difference between two looks is the number of commits, provided that the index was not
 * made anew between them. If it had been, as many commits as were counted before would have to
 * follow to hide it. A commit takes microseconds at least: where the time between two looks is too
 * short for so many, the count is proven. Looks that follow each other within {@link #SHORT_NANOS}
 * are taken for proof as well: a process that dies while it publishes, another one that recovers
 * the log, exactly as many commits as before, and a restart of the log do not fit in.
 *
 * <p>For use by one thread.
 */
final class CommitCount {

  /** No commit is faster: it takes a lock, writes a frame and publishes it. */
  private static final long LEAST_COMMIT_NANOS = 5_000;

  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  // Of all counts in this process: a place in one index's count says nothing in another's.
  private static final AtomicLong LIVES = new AtomicLong();

  private long value = -1;
  private long at;
  private long life = LIVES.incrementAndGet();

  /**
   * A place in the count.
   *
   * @param life which of the counts that cannot be compared with each other
   * @param value the counter's value
   */
  record Mark(long life, long value) {

    /** Comparable with nothing. */
    static final Mark NONE = new Mark(-1, 0);

    /** The place so many commits further on. */
    Mark plus(long commits) {
      return new Mark(life, value + commits);
    }
  }

  /** Takes note of the counter's value at a moment. */
  void seen(int counter, long nanos) {
    long now = Integer.toUnsignedLong(counter);
    if (value >= 0) {
      long elapsed = nanos - at;
      boolean unbroken = elapsed <= SHORT_NANOS || elapsed / LEAST_COMMIT_NANOS < value;
      if (now < value || !unbroken) {
        life = LIVES.incrementAndGet();
      }
    }
    value = now;
    at = nanos;
  }

  /** The place of the last look. */
  Mark mark() {
    return new Mark(life, value);
  }

  /** The number of commits from {@code mark} to the last look; empty if they cannot be counted. */
  OptionalLong since(Mark mark) {
    return mark.life() == life && value >= mark.value()
        ? OptionalLong.of(value - mark.value())
        : OptionalLong.empty();
  }
}
