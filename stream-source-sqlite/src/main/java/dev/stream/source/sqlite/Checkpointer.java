package dev.stream.source.sqlite;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Keeps the log short without losing a frame and without getting in a writer's way.
 *
 * <p>A pin stops writers from restarting the log, so somebody has to let it happen. Three ways, the
 * gentlest first:
 *
 * <ol>
 *   <li><b>Hand over</b>, when nobody has committed for a moment (and, however short the log, after
 *       a second, so that an idle database is whole in its file and other processes can truncate
 *       the log): write everything back, then take a second pin, which now reads from the file
 *       alone (read mark 0), and let go of the first. The next commit restarts the log, and nothing
 *       of it can be written back before it is read.
 *   <li><b>Let go</b>, under load: writers that checkpoint by themselves (SQLite's default, at 1000
 *       frames) restart the log within a few milliseconds once no pin is held. {@link LogFollower}
 *       proves afterwards that nothing was missed, or starts anew. No writer ever waits.
 *   <li><b>Write lock</b>, when the log has grown past its bound all the same: a writer without a
 *       busy timeout could see {@code SQLITE_BUSY}, so this is the last resort.
 * </ol>
 *
 * <p>For use by the follower's thread.
 */
final class Checkpointer {

  /** A writer's own checkpoints start at 1000 frames; there is no point in being eager. */
  private static final long HAND_OVER_FRAMES = 1_000;

  private static final long LET_GO_FRAMES = 800;

  /** Just before a writer's own checkpoint. */
  private static final long RELEASE_FRAMES = 970;

  private static final long HAND_OVER_BYTES = 16L << 20;
  private static final long LET_GO_BYTES = 32L << 20;
  private static final long LOCK_BYTES = 80L << 20;
  private static final long WARN_BYTES = 256L << 20;

  /**
   * A pin at the very start of a log makes every commit of a writer look through the whole log for
   * something to write back; a pin a little further on spares it that.
   */
  private static final long PIN_AHEAD_FRAMES = 1_000;

  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * While reading takes longer, on a cold JVM or a crowded machine, letting go can wait a little.
   */
  private static final long NIMBLE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private static final long APPROACH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long LET_GO_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final LogGuard guard;
  private final LogFollower follower;
  private final Consumer<String> notices;
  private final long letGoFrames;
  private final long letGoBytes;

  private boolean pinnedAhead;
  private long lastFrames;
  private long handedOver;
  private long handOverAt = HAND_OVER_FRAMES;
  private long letGoAt;
  private long lockAt = LOCK_BYTES;
  private long warnAt = WARN_BYTES;

  /**
   * @param mishaps how often the position was lost after letting go: on a machine where this thread
   *     may not run for long, letting go is tried more rarely, and soon not at all
   * @param notices told about a log that cannot be kept short
   */
  Checkpointer(LogGuard guard, LogFollower follower, int mishaps, Consumer<String> notices) {
    this.guard = guard;
    this.follower = follower;
    this.notices = notices;
    int rarer = 2 * Math.min(mishaps, 8);
    this.letGoFrames = LET_GO_FRAMES << rarer;
    this.letGoBytes = LET_GO_BYTES << rarer;
    this.letGoAt = letGoFrames;
  }

  /**
   * Does what is due; called after the log was read to its end.
   *
   * @param lookNanos how long it took to read the log this time
   * @param quietNanos for how long nothing was committed
   * @param imagesOpen whether an image holds the log anyway
   */
  void run(long lookNanos, long quietNanos, boolean imagesOpen)
      throws IOException, SQLException, PositionLostException {
    long frames = follower.position().frames();
    long bytes = follower.position().bytes();
    if (frames < lastFrames) {
      beginLog();
    }
    lastFrames = frames;
    if (bytes >= warnAt) {
      warnAt = bytes * 2;
      notices.accept(warning(bytes, imagesOpen));
    }
    if (!imagesOpen) {
      shorten(lookNanos, quietNanos, frames, bytes);
    }
    if (!pinnedAhead && follower.position().frames() >= PIN_AHEAD_FRAMES) {
      guard.advance();
      pinnedAhead = true;
    }
  }

  private void shorten(long lookNanos, long quietNanos, long frames, long bytes)
      throws IOException, SQLException, PositionLostException {
    if (quietNanos >= QUIET_NANOS) {
      boolean due =
          quietNanos >= IDLE_NANOS
              ? frames > handedOver
              : frames >= handOverAt || (bytes >= HAND_OVER_BYTES && frames > handOverAt / 2);
      if (due) {
        handOver();
        handedOver = follower.position().frames();
        handOverAt = handedOver + HAND_OVER_FRAMES / 2;
      }
    } else if ((frames >= letGoAt && lookNanos < NIMBLE_NANOS)
        || (bytes >= letGoBytes && frames >= letGoAt / 2)) {
      letGo();
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

  private void letGo() throws IOException, SQLException, PositionLostException {
    long start = System.nanoTime();
    // Still pinned: the less of the writer's way to its own checkpoint is left, the better.
    while (guard.published().logFrames() < RELEASE_FRAMES) {
      if (System.nanoTime() - start > APPROACH_NANOS) {
        return;
      }
      LockSupport.parkNanos(50_000);
    }
    follower.capture();
    letGoAt = follower.position().frames() + LET_GO_FRAMES / 2;
    long before = follower.position().frames();
    guard.release();
    follower.unpinned();
    start = System.nanoTime();
    // From the restart to the new log's first commit only microseconds pass: too few for sleeping.
    for (long waited = 0;
        waited < LET_GO_NANOS && !guard.index().isRestarted(before);
        waited = System.nanoTime() - start) {
      if (waited < SPIN_NANOS) {
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
    handedOver = 0;
    handOverAt = HAND_OVER_FRAMES;
    letGoAt = letGoFrames;
    lockAt = LOCK_BYTES;
    warnAt = WARN_BYTES;
  }

  private void writeBackUnderLock() throws IOException, SQLException, PositionLostException {
    follower.capture();
    PositionLostException[] lost = new PositionLostException[1];
    guard.underWriteLock(
        () -> {
          try {
            follower.capture();
            guard.writeBackAll();
          } catch (PositionLostException e) {
            lost[0] = e;
          }
        });
    if (lost[0] != null) {
      throw lost[0];
    }
  }

  private static String warning(long bytes, boolean imagesOpen) {
    return String.format(
        Locale.ROOT,
        "the write-ahead log has grown to %d MiB because %s; it shrinks again after that",
        bytes >> 20,
        imagesOpen
            ? "a snapshot is being written"
            : "a read transaction of another connection, or a writer that never pauses and does not"
                + " checkpoint, keeps it from being restarted");
  }
}
