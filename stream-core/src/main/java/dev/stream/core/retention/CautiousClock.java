package dev.stream.core.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time, as far as it is safe to delete by it. It never goes faster than a clock that cannot be
 * set: if the wall clock leaps ahead, this one follows only after it has been seen to stay there
 * for a while. If the wall clock is set back, this one is too. It is never ahead of the wall clock.
 * Safe for use by several threads.
 */
public final class CautiousClock {

  /** What a clock that is kept right may gain between two looks at it. */
  private static final Duration DRIFT = Duration.ofMinutes(1);

  /** By how much the wall clock is ahead of this one, and since when that is known. */
  private record Leap(Duration size, long seenAt) {}

  private final InstantSource wall;
  private final LongSupplier nanoTime;
  private final long proof;
  private final Deque<Leap> leaps = new ArrayDeque<>();
  private @Nullable Instant lastWall;
  private long lastNanos;

  /**
   * A clock.
   *
   * @param nanoTime counts nanoseconds, and cannot be set: {@link System#nanoTime}
   * @param proof how long a leap of the wall clock must last until it counts
   */
  public CautiousClock(InstantSource wall, LongSupplier nanoTime, Duration proof) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.proof = proof.toNanos();
  }

  /**
   * The time.
   *
   * @param newestStored when the newest object of a store was stored, by the store's clock; null if
   *     there is none. On the first call, what lies between it and the wall clock is a leap.
   */
  public synchronized Instant now(@Nullable Instant newestStored) {
    Instant instant = wall.instant();
    long nanos = nanoTime.getAsLong();
    Instant before = lastWall;
    Duration gained =
        before != null
            ? Duration.between(before, instant).minusNanos(Math.max(0, nanos - lastNanos))
            : newestStored == null ? Duration.ZERO : Duration.between(newestStored, instant);
    if (gained.isNegative()) {
      takeBack(gained.negated());
    } else if (gained.compareTo(DRIFT) > 0) {
      leaps.addLast(new Leap(gained, nanos));
    }
    leaps.removeIf(leap -> nanos - leap.seenAt() >= proof);
    lastWall = instant;
    lastNanos = nanos;
    Instant trusted = instant;
    for (Leap leap : leaps) {
      trusted = trusted.minus(leap.size());
    }
    return trusted;
  }

  /** The wall clock was set back: the latest leaps were none. */
  private void takeBack(Duration back) {
    Duration left = back;
    while (!left.isZero() && !leaps.isEmpty()) {
      Leap latest = leaps.removeLast();
      if (latest.size().compareTo(left) > 0) {
        leaps.addLast(new Leap(latest.size().minus(left), latest.seenAt()));
        return;
      }
      left = left.minus(latest.size());
    }
  }
}
