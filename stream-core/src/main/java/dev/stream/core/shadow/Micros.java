package dev.stream.core.shadow;

import java.time.Instant;

/** Times as the shadow log keeps them: microseconds since 1970. */
final class Micros {

  private Micros() {}

  static long of(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }
}
