package dev.stream.core.archive;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.state.GenerationId;
import java.time.Instant;

/**
 * A whole database as of one transaction.
 *
 * @param generation the generation it belongs to
 * @param txId the last transaction in it
 * @param size its length in bytes
 * @param storedAt when it was stored, by the store's clock
 */
public record SnapshotDescriptor(GenerationId generation, long txId, long size, Instant storedAt)
    implements ArtefactDescriptor {

  /** Validates the transaction. */
  public SnapshotDescriptor {
    if (txId < 0) {
      throw new IllegalArgumentException("snapshot at transaction " + txId);
    }
  }

  @Override
  public ObjectKey key() {
    return ArtefactKeys.snapshot(generation, txId);
  }

  @Override
  public int level() {
    return 0;
  }

  @Override
  public long firstTxId() {
    return txId;
  }

  @Override
  public long lastTxId() {
    return txId;
  }
}
