package dev.stream.core.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between attempts: exponential with full jitter, so that many clients of one
 * store that fail together do not come back together.
 *
 * @param initial the longest wait after the first failure
 * @param cap the longest wait ever
 */
public record Backoff(Duration initial, Duration cap) {

  /** From 200 ms to 30 s: for work that may wait out an outage. */
  public static final Backoff STANDARD =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  /** From 100 ms to 2 s: for work that somebody waits for. */
  public static final Backoff BRISK = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  /** Validates the waits. */
  public Backoff {
    if (initial.isNegative() || initial.isZero() || cap.compareTo(initial) < 0) {
      throw new IllegalArgumentException("backoff from " + initial + " to " + cap);
    }
  }

  /** The upper bound of the wait after so many failures in a row, from 1. */
  public Duration ceiling(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures: " + failures);
    }
    Duration ceiling = initial;
    for (int i = 1; i < failures && ceiling.compareTo(cap) < 0; i++) {
      ceiling = ceiling.multipliedBy(2);
    }
    return ceiling.compareTo(cap) < 0 ? ceiling : cap;
  }

  /**
   * A wait after so many failures in a row: anything from nothing to the ceiling, equally likely.
   */
  public Duration delay(int failures, RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(ceiling(failures).toNanos() + 1));
  }
}
