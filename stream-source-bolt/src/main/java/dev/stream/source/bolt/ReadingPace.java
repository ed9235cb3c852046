package dev.stream.source.bolt;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When what was committed is read, and whether the program is asked to hold its last state.
 *
 * <p>The newest state holds everything, so nothing is lost by reading it later: commits are put off
 * for as long as the observer allows. A program that holds the last state is followed meanwhile
 * ({@link PinnedFile}), since bolt must not use pages again that are freed while a state is held,
 * and writes the list of them with each commit.
 *
 * <p>Which of the two is cheaper depends on the file and on the program. Of a large file in which
 * little changes, following costs least. Where many commits change a small one, it is to read all
 * of it once per delay, with nothing held in between. Both are measured while they are done.
 *
 * <p>For use by one thread at a time.
 */
final class ReadingPace {

  /** A transaction is not held for longer than that to read all of a file in it. */
  private static final long LONGEST_HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /**
   * What reading all of a file takes until it was done: to keep all of it as well, as the first
   * reading does while nothing is compiled yet, takes several times as long, and says little.
   */
  private static final double EXPECTED_BYTES_PER_NANO = 0.5;

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
   * Everything begins anew, with a state of which all was read and kept.
   *
   * @param bytes of the file
   */
  void began(long bytes, long nanoTime) {
    due = false;
    readAt = nanoTime;
    wholeNanos = bytes / EXPECTED_BYTES_PER_NANO;
    holding = true;
  }

  /**
   * A later state was read.
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
