package dev.stream.core.shadow;

import dev.stream.core.state.GenerationId;
import dev.stream.core.status.GenerationCause;
import java.time.Instant;

/**
 * The beginning of a generation, or of going on with one.
 *
 * @param generation the generation
 * @param base the state on which its first segment builds
 * @param startedAt when it began
 * @param cause of which kind the reason is
 * @param reason why
 */
public record GenerationStart(
    GenerationId generation,
    DatabaseState base,
    Instant startedAt,
    GenerationCause cause,
    String reason) {

  /** Whether it goes on after a restart. */
  public boolean resumed() {
    return cause == GenerationCause.RESUMED;
  }
}
