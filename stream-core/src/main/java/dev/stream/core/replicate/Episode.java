package dev.stream.core.replicate;

import org.jspecify.annotations.Nullable;

/** Whether something fails now; so that a failure is told once and not at every attempt. */
final class Episode {

  private @Nullable String error;
  private int failures;

  /** Notes a failure; returns whether it is the first one of an episode. */
  synchronized boolean failed(String message) {
    error = message;
    return failures++ == 0;
  }

  /** Notes a success; returns whether it ends an episode. */
  synchronized boolean succeeded() {
    boolean ended = failures > 0;
    failures = 0;
    error = null;
    return ended;
  }

  synchronized int failures() {
    return failures;
  }

  /** The last failure of the episode; null if there is none. */
  synchronized @Nullable String error() {
    return error;
  }
}
