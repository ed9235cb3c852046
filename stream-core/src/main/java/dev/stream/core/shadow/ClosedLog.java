package dev.stream.core.shadow;

import dev.stream.core.state.GenerationId;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A log that takes no more flushes and waits to be sealed.
 *
 * @param file where it is
 * @param generation the generation it belongs to
 * @param parentTxId the transaction on which the first one to be sealed builds
 * @param end the state at its end, with checksum
 * @param length its length in bytes
 * @param firstCommitAt when its first flush was captured
 */
public record ClosedLog(
    Path file,
    GenerationId generation,
    long parentTxId,
    DatabaseState end,
    long length,
    Instant firstCommitAt) {}
