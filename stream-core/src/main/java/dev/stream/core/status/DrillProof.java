package dev.stream.core.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a drill proved: that a state was restored from a replica, equals byte for byte what was
 * captured, is a sound database, and holds what it is expected to hold.
 *
 * @param generation the generation of that state
 * @param txId the transaction of that state, the last one that the replica had
 * @param committedAt when it was captured; null if the artefact does not say
 * @param at when the drill ended
 * @param fetchedAllAt when the last drill ended that fetched everything; later ones fetched only
 *     what an earlier copy lacked, so that of the rest they say nothing
 */
public record DrillProof(
    String generation,
    long txId,
    @Nullable Instant committedAt,
    Instant at,
    Instant fetchedAllAt) {}
