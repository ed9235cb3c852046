package dev.stream.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for conditions, never for a time. */
public final class Await {

  /** Longer than anything takes on a slow machine; only a failing test waits so long. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  private Await() {}

  public static void until(String what, Callable<Boolean> condition) throws Exception {
    until(() -> what, condition);
  }

  public static void until(Supplier<String> what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE + ": " + what.get());
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
