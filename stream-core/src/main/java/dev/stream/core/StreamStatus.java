package dev.stream.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a Stream is doing, at one moment.
 *
 * @param database the database file
 * @param generation the generation; null before capture has begun
 * @param generationReason why it began, or how it goes on
 * @param txId the last captured transaction; -1 before capture has begun
 * @param capturing false while capture is interrupted
 * @param captureError why it is interrupted, else null
 * @param captureFailures how often capture has failed since the start, whatever became of it: each
 *     time the source had to hand over again what it captured, or begin anew
 * @param compactionError why segments are not merged, or which one could not be, until merging has
 *     worked again; else null. No commit is at risk: replicas get each, and keep more objects
 * @param compactionFailingSince since when; null with {@code compactionError}
 * @param shadowBytes length of all sealed artefacts and active logs in the shadow directory
 * @param dataLossWindow the worst of the replicas
 * @param replicas each replica
 * @param at when
 */
public record StreamStatus(
    String database,
    @Nullable String generation,
    String generationReason,
    long txId,
    boolean capturing,
    @Nullable String captureError,
    long captureFailures,
    @Nullable String compactionError,
    @Nullable Instant compactionFailingSince,
    long shadowBytes,
    Duration dataLossWindow,
    List<ReplicaStatus> replicas,
    Instant at) {}
