package dev.stream.core.archive;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.state.GenerationId;
import java.time.Instant;

/**
 * The pages that a run of transactions changed.
 *
 * @param generation the generation it belongs to
 * @param level compaction level; 0 as captured
 * @param firstTxId first transaction in it
 * @param lastTxId last transaction in it
 * @param size its length in bytes
 * @param storedAt when it was stored, by the store's clock
 */
public record SegmentDescriptor(
    GenerationId generation, int level, long firstTxId, long lastTxId, long size, Instant storedAt)
    implements ArtefactDescriptor {

  /** Validates the range. */
  public SegmentDescriptor {
    if (firstTxId < 1 || lastTxId < firstTxId || level < 0) {
      throw new IllegalArgumentException(
          "segment of level " + level + ", transactions " + firstTxId + " to " + lastTxId);
    }
  }

  /** Made anew each time: of a hundred thousand descriptors, keys would take most of the memory. */
  @Override
  public ObjectKey key() {
    return ArtefactKeys.segment(generation, level, firstTxId, lastTxId);
  }

  /** The transaction on which it builds. */
  public long parentTxId() {
    return firstTxId - 1;
  }
}
