package dev.stream.source.bolt;

import java.util.concurrent.TimeUnit;

/**
 * For how long a program holds a state before it moves on. What is freed meanwhile it cannot use
 * again, and bolt writes the list of that with each commit; to move on costs processor time, some
 * of it however little is new. So a state is held until what is freed fills a page of the list, and
 * within bounds: a busy program loses nothing by that, and Stream takes half the time that it took
 * to move on every 10 ms. For use by one thread at a time.
 */
final class HoldingPace {

  static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final long pageOfList;
  private long nanos = SHORTEST_NANOS;
  private long movedAt;

  /**
   * The pace of one file.
   *
   * @param pageSize in bytes
   * @param nanoTime the time, at which a state is held
   */
  HoldingPace(int pageSize, long nanoTime) {
    this.pageOfList = pageSize / Long.BYTES;
    this.movedAt = nanoTime;
  }

  /**
   * The newest state is held.
   *
   * @param freed how many pages came out of use since the one before; 0 if it is the same
   */
  void moved(int freed, long nanoTime) {
    long held = Math.max(1, nanoTime - movedAt);
    movedAt = nanoTime;
    long wanted = freed == 0 ? nanos + SHORTEST_NANOS : pageOfList * held / freed;
    nanos = Math.max(SHORTEST_NANOS, Math.min(LONGEST_NANOS, wanted));
  }

  /** For how long it is held. */
  long nanos() {
    return nanos;
  }
}
