package dev.stream.core.replicate;

import dev.stream.core.archive.GenerationId;
import dev.stream.core.shadow.DatabaseState;
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
record GenerationStart(
    GenerationId generation,
    DatabaseState base,
    Instant startedAt,
    boolean resumed,
    String reason) {}
