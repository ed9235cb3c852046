package dev.stream.source.sqlite;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a log is looked at, and when it is read. A look at its index tells within microseconds how
 * many commits there are; to read and hand them on costs much more, and for many hardly more than
 * for one. So commits behind which a pin is held, so that nothing can take them away, are put off
 * for as long as the observer allows, unless the log has to be read for another reason: because it
 * is about to be shortened, or grows so fast that this has to be timed.
 *
 * <p>For use by the follower's thread.
 */
final class ReadingPace {

  /** Between looks that must not be late. */
  static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Where an application's checkpoint has waited for Stream, it shall not wait for long again. */
  private static final long WATCHFUL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** A look costs more than anything else while a few hundred commits come in a second. */
  private static final long RARE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  /**
   * Where commits come without a pause, a pin is in the way of no one who would not meet another
   * reader or writer as well.
   */
  private static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** So many looks in a row have to find commits until they count as coming without a pause. */
  private static final int STEADY_LOOKS = 20;

  private static final long GROWTH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Of growth within {@link #GROWTH_NANOS}: above it each look reads. */
  static final long FAST_FRAMES = 64;

  /** By then {@link Checkpointer} has to time how it makes way for a writer without pauses. */
  private static final long SHORTEN_FRAMES = 960;

  private static final long MOST_UNREAD_FRAMES = 256;
  private static final long MOST_UNREAD_BYTES = 4L << 20;

  private final long delayNanos;
  private boolean known;
  private int change;
  private int steady;
  private long lookedAt = System.nanoTime();

  private long measuredFrames;
  private long measuredAt = lookedAt;
  private long growth;
  private long nanosToHandOver = Long.MAX_VALUE;
  private boolean fast = true;

  /** By when everything has to be read; only if there is anything. */
  private long dueAt;

  private boolean due;
  private boolean putOff;

  /**
   * The pace of one capture.
   *
   * @param delay for how long commits may be put off
   */
  ReadingPace(Duration delay) {
    this.delayNanos = delay.toNanos();
  }

  /** Another log is followed, of which nothing is known. */
  void begin() {
    known = false;
    fast = true;
    read(true);
  }

  /**
   * Takes note of a look.
   *
   * @param handOverAt at how many frames the log is handed over in the next pause
   * @return whether something was committed since the one before
   */
  boolean looked(WalIndex.State now, long handOverAt) {
    long time = System.nanoTime();
    boolean any = known && now.change() != change;
    steady = any ? steady + 1 : 0;
    if (any && !due) {
      due = true;
      dueAt = lookedAt + delayNanos; // it may be as old as the look before
    }
    long elapsed = time - measuredAt;
    if (elapsed >= FAST_NANOS) {
      long frames = now.logFrames();
      long grown = frames >= measuredFrames ? frames - measuredFrames : frames; // restarted
      growth = grown * GROWTH_NANOS / elapsed;
      boolean pausing = growth < Checkpointer.PAUSING_FRAMES;
      long next = frames + growth * STEADY_NANOS / GROWTH_NANOS;
      fast =
          delayNanos == 0
              || growth > FAST_FRAMES
              || (pausing ? frames >= handOverAt : next >= SHORTEN_FRAMES);
      nanosToHandOver =
          growth == 0 ? Long.MAX_VALUE : (handOverAt - frames) * GROWTH_NANOS / growth;
      measuredFrames = frames;
      measuredAt = time;
    }
    known = true;
    change = now.change();
    lookedAt = time;
    return any;
  }

  /** Whether looks are as rare as they may be. */
  boolean isSlow() {
    return !fast;
  }

  /** How many frames the log grows by within ten milliseconds. */
  long growth() {
    return growth;
  }

  /**
   * Puts off what was just seen, if it can be.
   *
   * @param from what was read until now
   * @return whether nothing needs to be read now
   */
  boolean putOff(WalIndex.State now, LogPosition from) {
    WalHeader log = from.log();
    long unread = now.logFrames() - (log != null && now.isOf(log) ? from.frames() : 0);
    boolean nothingNeeded =
        !fast
            && unread < MOST_UNREAD_FRAMES
            && unread * from.pageSize() < MOST_UNREAD_BYTES
            && !(due && System.nanoTime() >= dueAt);
    putOff = nothingNeeded && unread > 0; // where all is read, nothing waits
    return nothingNeeded;
  }

  /**
   * Everything was read.
   *
   * @param early whether that was because somebody asked for it: nothing is due any more
   */
  void read(boolean early) {
    putOff = false;
    due = due && !early && System.nanoTime() < dueAt;
  }

  /** Whether something was seen that is not read. */
  boolean hasPutOff() {
    return putOff;
  }

  /**
   * The time until the next look.
   *
   * @param watchful whether somebody may wait for it
   */
  long waitNanos(boolean watchful) {
    if (fast) {
      return FAST_NANOS;
    }
    long most = steady < STEADY_LOOKS ? RARE_NANOS : STEADY_NANOS;
    most = Math.min(watchful ? WATCHFUL_NANOS : most, delayNanos);
    most = Math.max(FAST_NANOS, Math.min(most, nanosToHandOver));
    return putOff && due ? Math.max(0, Math.min(dueAt - System.nanoTime(), most)) : most;
  }
}
