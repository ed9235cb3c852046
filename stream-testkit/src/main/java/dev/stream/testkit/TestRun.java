package dev.stream.testkit;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The seed of a test run, and how much it does. Thread-safe.
 *
 * <p>The system property {@code stream.test.seed} repeats a run; {@code stream.test.scale} set to
 * {@code nightly} makes it thorough.
 */
public final class TestRun {

  private static final long SEED = chooseSeed(System.getProperty("stream.test.seed"));

  private TestRun() {}

  /** The seed of this run; printed once on stderr. */
  public static long seed() {
    return SEED;
  }

  /**
   * A source of randomness for one purpose, the same in every run of this seed whatever other tests
   * run.
   */
  public static Random random(String purpose) {
    return new Random(SEED * 31 + purpose.hashCode());
  }

  /** Whether the run is to be thorough. */
  public static boolean nightly() {
    return "nightly".equals(System.getProperty("stream.test.scale"));
  }

  /** The first number in an ordinary run, the second in a thorough one. */
  public static int rounds(int ordinary, int thorough) {
    return nightly() ? thorough : ordinary;
  }

  private static long chooseSeed(@Nullable String given) {
    long seed =
        given == null || given.isBlank() ? System.nanoTime() & 0xffffff : Long.parseLong(given);
    System.err.println("stream.test.seed=" + seed);
    return seed;
  }
}
