package dev.stream.core.schedule;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether something fails now; so that a failure is told once and not at every attempt. */
public final class Episode {

  /**
   * What fails.
   *
   * @param message as of the last attempt
   * @param since when the first one failed
   */
  public record Failure(String message, Instant since) {}

  private final Clock clock;
  private @Nullable Failure failure;
  private int failures;

  public Episode() {
    this(Clock.systemUTC());
  }

  public Episode(Clock clock) {
    this.clock = clock;
  }

  /** Notes a failure; returns whether it is the first one of an episode. */
  public synchronized boolean failed(String message) {
    Failure known = failure;
    failure = new Failure(message, known == null ? clock.instant() : known.since());
    return failures++ == 0;
  }

  /** Notes a success; returns whether it ends an episode. */
  public synchronized boolean succeeded() {
    boolean ended = failures > 0;
    failures = 0;
    failure = null;
    return ended;
  }

  public synchronized int failures() {
    return failures;
  }

  /** The last failure of the episode; null if there is none. */
  public synchronized @Nullable Failure failure() {
    return failure;
  }

  /** What the last failure of the episode said; null if there is none. */
  public @Nullable String error() {
    Failure known = failure();
    return known == null ? null : known.message();
  }
}
