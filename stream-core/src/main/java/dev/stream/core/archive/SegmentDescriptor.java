package dev.stream.core.archive;

import dev.stream.api.replica.ObjectKey;
import java.time.Instant;

/**
 * The pages that a run of transactions changed.
 *
 * @param generation the generation it belongs to
 * @param level compaction level; 0 as captured
 * @param firstTxId first transaction in it
 * @param lastTxId last transaction in it
 * @param key where it is
 * @param size its length in bytes
 * @param storedAt when it was stored, by the store's clock
 */
public record SegmentDescriptor(
    GenerationId generation,
    int level,
    long firstTxId,
    long lastTxId,
    ObjectKey key,
    long size,
    Instant storedAt)
    implements ArtefactDescriptor {

  /** Validates the range. */
  public SegmentDescriptor {
    if (firstTxId < 1 || lastTxId < firstTxId || level < 0) {
      throw new IllegalArgumentException(
          "segment of level " + level + ", transactions " + firstTxId + " to " + lastTxId);
    }
  }

  /** The transaction on which it builds. */
  public long parentTxId() {
    return firstTxId - 1;
  }
}
