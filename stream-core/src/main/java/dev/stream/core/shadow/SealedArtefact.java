package dev.stream.core.shadow;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.state.GenerationId;
import java.time.Instant;

/**
 * An artefact in the shadow directory.
 *
 * @param snapshot whether it is a snapshot, else a segment
 * @param generation the generation it belongs to
 * @param level compaction level; 0 as captured, and of a snapshot
 * @param firstTxId first transaction; that of a snapshot is its last
 * @param lastTxId last transaction
 * @param key its key, here and on every replica
 * @param size its length in bytes
 * @param firstCommitAt when the first commit in it was captured
 */
public record SealedArtefact(
    boolean snapshot,
    GenerationId generation,
    int level,
    long firstTxId,
    long lastTxId,
    ObjectKey key,
    long size,
    Instant firstCommitAt) {

  /** A snapshot of one transaction. */
  public static SealedArtefact snapshot(
      GenerationId generation, long txId, ObjectKey key, long size, Instant commitAt) {
    return new SealedArtefact(true, generation, 0, txId, txId, key, size, commitAt);
  }
}
