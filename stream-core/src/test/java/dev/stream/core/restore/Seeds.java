package dev.stream.core.restore;

import java.util.Random;

/** Randomness that can be repeated, and how much of it. */
public final class Seeds {

  private static final long SEED = choose();

  private Seeds() {}

  private static long choose() {
    String given = System.getProperty("stream.test.seed", "");
    long seed = given.isBlank() ? new Random().nextLong() : Long.parseLong(given.trim());
    System.out.println("restore tests: -Dstream.test.seed=" + seed);
    return seed;
  }

  public static Random random(String purpose, int round) {
    return new Random(SEED * 31 + purpose.hashCode() * 1009L + round);
  }

  /** Repeats a failure's whereabouts in its message. */
  public static String where(int round) {
    return "round " + round + " of -Dstream.test.seed=" + SEED;
  }

  public static int rounds(int ordinary, int nightly) {
    return "nightly".equals(System.getProperty("stream.test.scale")) ? nightly : ordinary;
  }
}
