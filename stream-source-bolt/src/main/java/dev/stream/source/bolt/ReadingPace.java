package dev.stream.source.bolt;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When what was committed is read, and whether the program is asked to hold its last state.
 *
 * <p>The newest state holds everything, so nothing is lost by reading it later: commits are put off
 * for as long as the observer allows. The exception is a program that holds the state that was read
 * last. As long as it does, bolt must not use pages again that were freed meanwhile, and writes the
 * list of them with each commit: such a state is followed soon, and only what is new in the next
 * one is read.
 *
 * <p>Which of the two is cheaper depends on the file and on the program. Of a large file in which
 * little changes, reading what is new costs least. Where many commits change a small one, it is to
 * read all of it once per delay, with nothing held in between. Both are measured while they are
 * done.
 *
 * <p>For use by one thread at a time.
 */
final class ReadingPace {

  /** A transaction is not held for longer than that to read all of a file in it. */
  private static final long LONGEST_HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** By how much the other way has to be better, so that the two do not take turns. */
  private static final double MARGIN = 1.5;

  private final long delayNanos;
  private long readAt;
  private long dueAt;
  private boolean due;
  private boolean holding = true;
  private double wholeNanos = Double.MAX_VALUE;
  private double nanosPerCommit;

  /**
   * The pace of one capture.
   *
   * @param delay for how long commits may be put off
   * @param nanoTime the time
   */
  ReadingPace(Duration delay, long nanoTime) {
    this.delayNanos = delay.toNanos();
    this.readAt = nanoTime;
  }

  /**
   * Something new was seen.
   *
   * @return whether it is read later
   */
  boolean putsOff(long nanoTime) {
    if (!due) {
      due = true;
      dueAt = nanoTime + delayNanos;
    }
    return nanoTime - dueAt < 0;
  }

  /** For how long at most what was seen is not read. */
  long untilDueNanos(long nanoTime) {
    return due ? Math.max(0, dueAt - nanoTime) : Long.MAX_VALUE;
  }

  /**
   * A state was read.
   *
   * @param overlapped whether only what is new in it was
   * @param commits since the state before
   * @param nanos that the reading took
   */
  void read(boolean overlapped, long commits, long nanos, long nanoTime) {
    due = false;
    double perDelay = commits * (double) delayNanos / Math.max(1, nanoTime - readAt);
    readAt = nanoTime;
    if (overlapped) {
      nanosPerCommit = nanos / (double) Math.max(1, commits);
    } else {
      wholeNanos = nanos;
    }
    double overlaps = nanosPerCommit * perDelay;
    if (delayNanos == 0 || wholeNanos > LONGEST_HELD_NANOS) {
      holding = true;
    } else if (holding) {
      holding = overlaps <= wholeNanos * MARGIN;
    } else {
      holding = overlaps * MARGIN < wholeNanos;
    }
  }

  /** Nothing is new: what was seen was read by somebody who asked for it. */
  void nothingNew() {
    due = false;
  }

  /** Whether the program is to hold the state that was read last until the next one is read. */
  boolean isWorthHolding() {
    return holding;
  }
}
