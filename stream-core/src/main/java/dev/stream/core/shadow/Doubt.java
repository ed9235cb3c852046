package dev.stream.core.shadow;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a catch-up closes.
 *
 * @param reason what could not be proven
 * @param since when the state before it was known to be the newest, in whole microseconds
 */
public record Doubt(String reason, Instant since) {

  private static final int MAX_REASON = 2000;

  /** Cuts off what the shadow log does not keep. */
  public Doubt {
    reason = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    since = since.truncatedTo(ChronoUnit.MICROS);
  }
}
