package dev.stream.core.follow;

import dev.stream.core.retry.Backoff;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * How long to wait between looks: the interval while there is something new now and then, longer
 * when there was nothing for a while, longer still when looking fails. Every so often a look is a
 * wide one, which lists all there is. For one thread.
 */
final class FollowPace {

  private static final int IDLE_LOOKS = 30;
  private static final Duration SLOWEST = Duration.ofSeconds(10);
  private static final Duration OFTENEST_WIDE = Duration.ofSeconds(5);
  private static final Duration SELDOMEST_WIDE = Duration.ofSeconds(60);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  private final Duration interval;
  private final Duration slowest;
  private final Backoff backoff;
  private final RandomGenerator random = new Random();
  private int idle;
  private int failures;
  private long wideDueAt;
  private boolean wideWanted = true;

  FollowPace(Duration interval) {
    this.interval = interval;
    this.slowest = longer(interval, SLOWEST);
    this.backoff = new Backoff(interval, longer(slowest, LONGEST_BACKOFF));
  }

  /** There was something new. */
  Duration moved() {
    idle = 0;
    failures = 0;
    return interval;
  }

  /** There was nothing new. */
  Duration idle() {
    failures = 0;
    idle = Math.min(idle + 1, 1_000);
    Duration pause = interval;
    for (int i = IDLE_LOOKS; i < idle && pause.compareTo(slowest) < 0; i += 5) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(slowest) < 0 ? pause : slowest;
  }

  /** Looking, or moving on, failed. */
  Duration failed() {
    failures = Math.min(failures + 1, 1_000);
    wideWanted = true;
    return interval.plus(backoff.delay(failures, random));
  }

  boolean wideDue(long now) {
    return wideWanted || isWideTime(now);
  }

  /** Whether a wide look is due though nothing calls for it. */
  boolean isWideTime(long now) {
    return now - wideDueAt >= 0;
  }

  void looked(long now) {
    wideWanted = false;
    wideDueAt = now + wideEvery().toNanos();
  }

  /** Every 60 intervals, within bounds, since that alone finds new generations. */
  private Duration wideEvery() {
    Duration atLeast = longer(interval.multipliedBy(30), OFTENEST_WIDE);
    Duration wanted = interval.multipliedBy(60);
    return longer(atLeast, wanted.compareTo(SELDOMEST_WIDE) < 0 ? wanted : SELDOMEST_WIDE);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  void wantWide() {
    wideWanted = true;
  }
}
