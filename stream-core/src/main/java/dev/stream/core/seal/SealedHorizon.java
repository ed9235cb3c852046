package dev.stream.core.seal;

import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.state.GenerationId;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;

/**
 * Up to when everything that was captured of a generation is sealed; {@link Instant#MAX} once it
 * has ended and all of it is. Safe for use by several threads.
 */
public final class SealedHorizon implements Function<GenerationId, Instant> {

  private final SealingLoop sealing;
  private final CurrentGeneration current;
  private final Clock clock;

  public SealedHorizon(SealingLoop sealing, CurrentGeneration current, Clock clock) {
    this.sealing = sealing;
    this.current = current;
    this.clock = clock;
  }

  @Override
  public Instant apply(GenerationId generation) {
    Instant now = clock.instant(); // first: what is captured later is later
    GenerationStart start = current.get();
    if (start != null && !start.generation().equals(generation)) {
      boolean more =
          sealing.waiting().stream().anyMatch(log -> log.generation().equals(generation));
      return more ? now : Instant.MAX;
    }
    Instant unsealed = sealing.unsealedSince();
    return unsealed != null && unsealed.isBefore(now) ? unsealed : now;
  }
}
