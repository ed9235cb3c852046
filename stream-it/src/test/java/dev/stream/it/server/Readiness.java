package dev.stream.it.server;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits until a server answers. */
final class Readiness {

  /** Longer than a server takes to start on a slow machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Readiness() {}

  static void await(ServerRecipe recipe, RunningServer server, Callable<Boolean> alive)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Exception last = null;
    while (alive.call()) {
      try {
        if (recipe.isReady(server)) {
          return;
        }
        last = null;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      if (System.nanoTime() > deadline) {
        throw failure(recipe, server, "is not ready after " + PATIENCE.toSeconds() + " s", last);
      }
      Thread.sleep(10);
    }
    throw failure(recipe, server, "ended before it was ready", last);
  }

  private static IllegalStateException failure(
      ServerRecipe recipe, RunningServer server, String what, Exception cause) throws Exception {
    return new IllegalStateException(
        recipe.name() + " (" + server.description() + ") " + what + "; it said:\n" + server.log(),
        cause);
  }
}
