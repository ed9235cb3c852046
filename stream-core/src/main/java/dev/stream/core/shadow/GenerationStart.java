package dev.stream.core.shadow;

import dev.stream.core.state.GenerationId;
import java.time.Instant;

/**
 * The beginning of a generation, or of going on with one.
 *
 * @param generation the generation
 * @param base the state on which its first segment builds
 * @param startedAt when it began
 * @param resumed whether it goes on after a restart
 * @param reason why
 */
public record GenerationStart(
    GenerationId generation,
    DatabaseState base,
    Instant startedAt,
    boolean resumed,
    String reason) {}
