package dev.stream.core.retry;

import java.time.Duration;

/** Waits; injected, so that tests need not. */
@FunctionalInterface
public interface Sleeper {

  /** Really sleeps. */
  Sleeper SYSTEM =
      duration -> Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);

  /**
   * Waits for the duration.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile or was before
   */
  void sleep(Duration duration) throws InterruptedException;
}
