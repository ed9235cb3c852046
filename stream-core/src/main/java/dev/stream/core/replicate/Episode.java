package dev.stream.core.replicate;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether something fails now; so that a failure is told once and not at every attempt. */
final class Episode {

  /**
   * What fails.
   *
   * @param message as of the last attempt
   * @param since when the first one failed
   */
  record Failure(String message, Instant since) {}

  private final Clock clock;
  private @Nullable Failure failure;
  private int failures;

  Episode() {
    this(Clock.systemUTC());
  }

  Episode(Clock clock) {
    this.clock = clock;
  }

  /** Notes a failure; returns whether it is the first one of an episode. */
  synchronized boolean failed(String message) {
    Failure known = failure;
    failure = new Failure(message, known == null ? clock.instant() : known.since());
    return failures++ == 0;
  }

  /** Notes a success; returns whether it ends an episode. */
  synchronized boolean succeeded() {
    boolean ended = failures > 0;
    failures = 0;
    failure = null;
    return ended;
  }

  synchronized int failures() {
    return failures;
  }

  /** The last failure of the episode; null if there is none. */
  synchronized @Nullable Failure failure() {
    return failure;
  }

  /** What the last failure of the episode said; null if there is none. */
  @Nullable String error() {
    Failure known = failure();
    return known == null ? null : known.message();
  }
}
