package dev.stream.core.upload;

import dev.stream.core.schedule.ListingRule;
import dev.stream.core.schedule.ListingRule.Look;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * When a replica was last heard of and looked at. Two clocks are read: a machine that sleeps, or is
 * set back to an earlier state of itself, has a counter of nanoseconds that knows nothing of it,
 * while the wall clock leaps. For use by one thread at a time.
 */
final class ReplicaContact {

  /** A greater leap of the wall clock is no correction: the machine stood still. */
  private static final Duration LEAP = Duration.ofSeconds(5);

  private record Moment(long nanos, Instant wall) {}

  private final LongSupplier nanoTime;
  private final InstantSource wall;
  private Moment heard;
  private Moment looked;
  private Moment listed;

  /**
   * Heard of, looked at and listed now.
   *
   * @param nanoTime counts nanoseconds, whatever the clock is set to
   */
  ReplicaContact(LongSupplier nanoTime, InstantSource wall) {
    this.nanoTime = nanoTime;
    this.wall = wall;
    this.listed = now();
    this.looked = listed;
    this.heard = listed;
  }

  private Moment now() {
    return new Moment(nanoTime.getAsLong(), wall.instant());
  }

  /** It took something. */
  void heard() {
    heard = now();
  }

  /** The line was read. */
  void looked() {
    looked = now();
    heard = looked;
  }

  /** It was listed. */
  void listed() {
    listed = now();
    looked = listed;
    heard = listed;
  }

  /** What is due before something is stored. */
  Look due() {
    Moment now = now();
    Duration leapt =
        Duration.between(listed.wall(), now.wall()).minusNanos(now.nanos() - listed.nanos());
    if (leapt.compareTo(LEAP) > 0) {
      return Look.WHOLE;
    }
    return ListingRule.beforeStoring(since(heard, now), since(looked, now), since(listed, now));
  }

  private static Duration since(Moment then, Moment now) {
    return Duration.ofNanos(now.nanos() - then.nanos());
  }
}
