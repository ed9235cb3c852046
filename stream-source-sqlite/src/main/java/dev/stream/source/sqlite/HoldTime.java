package dev.stream.source.sqlite;

import java.util.concurrent.TimeUnit;

/**
 * For how long after the last commit Stream keeps a database open. The sooner it lets go, the less
 * it is in the way of what people do to a database whose application has stopped. Letting go is
 * wasted where others have it open all along, and costs a comparison of the content where an
 * application opens and closes it for every few commits: there it takes longer, within a bound.
 *
 * <p>For use by one thread.
 */
final class HoldTime {

  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  /** The longest time. */
  static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private long nanos = LEAST_NANOS;
  private long since;
  private boolean others;

  long nanos() {
    return nanos;
  }

  /** Whether the last time that Stream let go, somebody else had the database open. */
  boolean foundOthers() {
    return others;
  }

  /**
   * Stream has let go.
   *
   * @param foundOthers whether somebody else had it open
   */
  void letGo(boolean foundOthers, long now) {
    others = foundOthers;
    since = now;
    if (foundOthers) {
      nanos = Math.min(2 * nanos, MOST_NANOS);
    }
  }

  /**
   * Stream is back.
   *
   * @param unproven whether it missed what happened meanwhile
   */
  void back(boolean unproven, long now) {
    long away = now - since;
    if (unproven && away < SHORT_NANOS) {
      nanos = Math.min(2 * nanos, MOST_NANOS);
    } else if (away > LONG_NANOS) {
      nanos = Math.max(nanos / 2, LEAST_NANOS);
    }
  }
}
