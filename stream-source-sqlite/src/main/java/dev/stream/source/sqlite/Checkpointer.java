package dev.stream.source.sqlite;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the log short without losing a frame and without getting in a writer's way.
 *
 * <p>A pin stops writers from restarting the log, so somebody has to let it happen. Three ways, the
 * gentlest first:
 *
 * <ol>
 *   <li><b>Hand over</b>, when the log is long and nobody has committed for a moment: write
 *       everything back, then take a second pin, which now reads from the file alone (read mark 0),
 *       and let go of the first. The next commit restarts the log, and nothing of it can be written
 *       back before it is read.
 *   <li><b>Make way</b>, under load: writers that checkpoint by themselves (SQLite's default, at
 *       1000 frames) restart the log within a few milliseconds once no pin is held. {@link
 *       LogFollower} proves afterwards that nothing was missed, or starts anew. No writer ever
 *       waits.
 *   <li><b>Write lock</b>, when the log has grown past its bound all the same: a writer without a
 *       busy timeout could see {@code SQLITE_BUSY}, so this is the last resort.
 * </ol>
 *
 * <p>For use by the follower's thread.
 */
final class Checkpointer {

  /** A writer's own checkpoints start at 1000 frames; there is no point in being eager. */
  private static final long HAND_OVER_FRAMES = 1_000;

  private static final long MAKE_WAY_FRAMES = 800;

  /** Of the pace: below it there are pauses between commits in which the log is handed over. */
  static final long PAUSING_FRAMES = 8;

  /** Just before a writer's own checkpoint. */
  private static final long RELEASE_FRAMES = 970;

  private static final long HAND_OVER_BYTES = 16L << 20;
  private static final long MAKE_WAY_BYTES = 32L << 20;
  private static final long LOCK_BYTES = 80L << 20;

  /**
   * A pin at the very start of a log makes every commit of a writer look through the whole log for
   * something to write back; a pin a little further on spares it that.
   */
  private static final long PIN_AHEAD_FRAMES = 1_000;

  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /**
   * While reading takes longer, on a cold JVM or a crowded machine, making way can wait a little.
   */
  private static final long NIMBLE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private static final long APPROACH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long MAKE_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

  private final LogGuard guard;
  private final Neighbours neighbours;
  private final LogFollower follower;
  private final LogGrowth growth;
  private final long makeWayFrames;
  private final long makeWayBytes;

  private boolean pinnedAhead;
  private long lastFrames;
  private long handOverAt = HAND_OVER_FRAMES;
  private long makeWayAt;
  private long lockAt = LOCK_BYTES;

  /**
   * @param mishaps how often the position was lost after making way: on a machine where this thread
   *     may not run for long, making way is tried more rarely, and soon not at all
   * @param growth told about the length of the log
   */
  Checkpointer(
      LogGuard guard, Neighbours neighbours, LogFollower follower, int mishaps, LogGrowth growth) {
    this.guard = guard;
    this.neighbours = neighbours;
    this.follower = follower;
    this.growth = growth;
    int rarer = 2 * Math.min(mishaps, 8);
    this.makeWayFrames = MAKE_WAY_FRAMES << rarer;
    this.makeWayBytes = MAKE_WAY_BYTES << rarer;
    this.makeWayAt = makeWayFrames;
  }

  /** At how many frames the log is handed over in the next pause between commits. */
  long handOverAt() {
    return handOverAt;
  }

  /**
   * Does what is due; called after the log was read to its end. No pin is held afterwards if the
   * application's own checkpoint needs the log just then.
   *
   * @param lookNanos how long it took to read the log this time
   * @param quietNanos for how long nothing was committed
   * @param pace how many frames the log grows by within ten milliseconds
   * @param imagesOpen whether an image holds the log anyway
   */
  void run(long lookNanos, long quietNanos, long pace, boolean imagesOpen)
      throws IOException, SQLException, PositionLostException {
    long frames = follower.position().frames();
    long bytes = follower.position().bytes();
    if (frames < lastFrames) {
      beginLog();
    }
    lastFrames = frames;
    growth.measured(bytes, follower.largestBytes(), imagesOpen);
    if (!imagesOpen) {
      shorten(lookNanos, quietNanos, pace);
    }
    if (!pinnedAhead && follower.position().frames() >= PIN_AHEAD_FRAMES) {
      guard.advance();
      pinnedAhead = true;
    }
  }

  private void shorten(long lookNanos, long quietNanos, long pace)
      throws IOException, SQLException, PositionLostException {
    long frames = follower.position().frames();
    long bytes = follower.position().bytes();
    if (quietNanos >= QUIET_NANOS) {
      if (frames >= handOverAt || (bytes >= HAND_OVER_BYTES && frames > handOverAt / 2)) {
        handOver();
        handOverAt = follower.position().frames() + HAND_OVER_FRAMES / 2;
      }
    } else if ((frames >= makeWayAt && lookNanos < NIMBLE_NANOS)
        || (bytes >= makeWayBytes && frames >= makeWayAt / 2)) {
      makeWay(pace);
    }
    if (follower.position().bytes() >= lockAt) {
      writeBackUnderLock();
      lockAt = follower.position().bytes() + LOCK_BYTES / 8;
    }
  }

  private void handOver() throws IOException, SQLException, PositionLostException {
    guard.advance();
    follower.capture();
    if (guard.checkpoint().complete()) {
      // If a commit slips in before the new pin, that pin only reads from the log: no harm.
      guard.advance();
      follower.capture();
    }
  }

  private void makeWay(long pace) throws IOException, SQLException, PositionLostException {
    long read = follower.position().frames();
    if (read + pace < RELEASE_FRAMES
        || (pace < PAUSING_FRAMES && read < HAND_OVER_FRAMES * 3 / 2)) {
      return; // that would be waited for in vain, or a pause comes before
    }
    long start = System.nanoTime();
    // Still pinned: the less of the writer's way to its own checkpoint is left, the better.
    while (guard.published().logFrames() < RELEASE_FRAMES) {
      if (System.nanoTime() - start > APPROACH_NANOS) {
        return;
      }
      LockSupport.parkNanos(50_000);
    }
    follower.capture();
    makeWayAt = follower.position().frames() + MAKE_WAY_FRAMES / 2;
    long before = follower.position().frames();
    guard.releaseShortly();
    follower.unpinned();
    start = System.nanoTime();
    long lookAt = LOOK_NANOS;
    // From the restart to the new log's first commit only microseconds pass: too few for sleeping.
    for (long waited = 0;
        waited < MAKE_WAY_NANOS && !guard.index().isRestarted(before);
        waited = System.nanoTime() - start) {
      if (waited >= lookAt) {
        lookAt = waited + LOOK_NANOS;
        if (neighbours.keepWritersWaiting()) {
          // It may cut off the log, but not before it has written all of it back.
          follower.capture();
          follower.unpinned();
          return;
        }
      }
      if (waited < SPIN_NANOS && pace > ReadingPace.FAST_FRAMES) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(100_000);
      }
    }
    guard.take();
    follower.capture();
    if (follower.position().frames() < before) {
      beginLog();
      lastFrames = follower.position().frames();
    } else {
      pinnedAhead = true;
    }
  }

  private void beginLog() {
    pinnedAhead = false;
    handOverAt = HAND_OVER_FRAMES;
    makeWayAt = makeWayFrames;
    lockAt = LOCK_BYTES;
  }

  private void writeBackUnderLock() throws IOException, SQLException, PositionLostException {
    follower.capture();
    guard.underWriteLock(
        () -> {
          follower.capture();
          guard.writeBackAll();
        });
  }
}
