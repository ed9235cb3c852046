package dev.stream.source.sqlite;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets the application's checkpoints have the log. A {@code FULL}, {@code RESTART} or {@code
 * TRUNCATE} checkpoint holds the write lock while it waits for Stream's pin. SQLite looks again
 * after a millisecond whether a reader is still in its way, then after 2, 5 and 10 more ({@code
 * sqliteDefaultBusyCallback}), and all writers meanwhile sleep for longer and longer: so it must
 * not take a millisecond to notice.
 *
 * <p>An application that checkpoints so once does it again. For some seconds it is watched more
 * closely, and the pin is kept through short pauses, since a checkpoint that meets no pin may cut
 * off what was not read yet.
 *
 * <p>For use by the follower's thread.
 */
final class RightOfWay {

  /** Of no commit: writers that wait for a checkpointer do not pause for longer. */
  static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** From here on it is looked whether somebody waits for the pin and keeps writers waiting. */
  static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LONG_MEMORY_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Well below SQLite's first millisecond: the list of locks costs more than to read the index. */
  private static final long LIST_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

  private static final long PEEK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private long wantedAt = System.nanoTime() - LONG_MEMORY_NANOS;
  private boolean waits;
  private long probedAt = System.nanoTime();
  private boolean unseen;

  /** A checkpointer needed the log just now. */
  void wanted() {
    wantedAt = System.nanoTime();
  }

  /** Whether a checkpointer needed the log lately. */
  boolean isWanted() {
    return System.nanoTime() - wantedAt < MEMORY_NANOS;
  }

  /** Whether this application is one whose checkpoints need the log now and then. */
  boolean isWantedAtTimes() {
    return System.nanoTime() - wantedAt < LONG_MEMORY_NANOS;
  }

  /**
   * Whether a checkpointer waits for the pin: as {@link #watchOut} has just seen it, or as it is
   * now. Where none needed the log lately, that is asked only if no commit has come for a moment.
   *
   * @param quietNanos for how long nothing was committed
   */
  boolean isDue(Attachment open, long quietNanos) {
    boolean seen = waits;
    waits = false;
    return seen
        || ((isWanted() || quietNanos >= STALL_NANOS) && open.neighbours().keepWritersWaiting());
  }

  /**
   * Lets a checkpointer that waits have the log, and takes the pin again as soon as it is done.
   *
   * @return whether anything was delivered
   */
  boolean give(Attachment open, LogFollower follower)
      throws IOException, SQLException, PositionLostException {
    Neighbours neighbours = open.neighbours();
    LogGuard guard = open.guard();
    boolean any = follower.capture(); // nobody can commit before the checkpointer is done
    if (!neighbours.keepWritersWaiting()) {
      return any;
    }
    guard.releaseShortly();
    follower.unpinned();
    wanted();
    while (!isDone(open, follower)) {
      if (isTooLong(wantedAt)) {
        return any;
      }
      if (!follower.isAtEnd(guard.published())) {
        // That one is done, and the next is there already, or has cut off the log.
        any |= follower.capture();
        follower.unpinned();
      }
    }
    guard.take();
    any |= follower.capture();
    return any;
  }

  /**
   * Waits for the checkpointer a little. The index changes when it has cut off the log, and with
   * the first commit after any other checkpoint, and is cheap to read.
   */
  private static boolean isDone(Attachment open, LogFollower follower) throws IOException {
    long began = System.nanoTime();
    do {
      LockSupport.parkNanos(PEEK_NANOS);
    } while (follower.isAtEnd(open.guard().published()) && System.nanoTime() - began < WATCH_NANOS);
    return !open.neighbours().keepWritersWaiting();
  }

  /** Lets a checkpointer have the log of which nothing more is to be read before it is done. */
  void stepAside(Attachment open, LogFollower follower) throws SQLException {
    open.guard().release();
    follower.unpinned();
    long since = System.nanoTime();
    while (open.neighbours().keepWritersWaiting() && !isTooLong(since)) {
      LockSupport.parkNanos(PEEK_NANOS);
    }
  }

  private static boolean isTooLong(long since) {
    return System.nanoTime() - since > LONGEST_NANOS;
  }

  /**
   * Returns at once unless a checkpointer needed the log lately and commits keep coming: then it
   * waits for the next look, or until the next checkpointer waits.
   *
   * @param quietNanos for how long nothing was committed
   * @return whether it waited
   */
  boolean watchOut(Attachment open, long quietNanos) throws IOException {
    if (quietNanos > CALM_NANOS || !isWanted()) {
      return false;
    }
    long began = System.nanoTime();
    int change = open.guard().published().change();
    while (System.nanoTime() - began < WATCH_NANOS) {
      LockSupport.parkNanos(LIST_NANOS);
      int now = open.guard().published().change();
      waits = now == change && open.neighbours().keepWritersWaiting();
      if (waits) {
        break; // Whoever commits is not kept waiting.
      }
      change = now;
    }
    return true;
  }

  /**
   * Whether a checkpointer that the system does not show seems to need the log: a process of
   * another container, say. SQLite tells that somebody checkpoints, since only one can, and nothing
   * is committed meanwhile. Asks that a few times a second only, and twice.
   *
   * @param quietNanos for how long nothing was committed
   */
  boolean isWantedUnseen(LogGuard guard, Neighbours neighbours, long quietNanos)
      throws SQLException {
    long now = System.nanoTime();
    if (quietNanos < PROBE_NANOS) {
      unseen = false;
      return false;
    }
    if (now - probedAt < PROBE_NANOS) {
      return false;
    }
    probedAt = now;
    boolean before = unseen;
    unseen = guard.checkpoint().busy() && !neighbours.areSeenCheckpointing();
    return before && unseen;
  }
}
