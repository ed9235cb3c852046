package dev.stream.core.archive;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.state.GenerationId;
import java.time.Instant;

/** What a listing tells of an artefact. */
public sealed interface ArtefactDescriptor permits SnapshotDescriptor, SegmentDescriptor {

  /** The generation it belongs to. */
  GenerationId generation();

  /** Compaction level; 0 as captured, and of a snapshot. */
  int level();

  /** The first transaction in it; that of a snapshot is its last. */
  long firstTxId();

  /** The last transaction in it; the database is as of this one after applying it. */
  long lastTxId();

  /** Where it is. */
  ObjectKey key();

  /** Its length in bytes. */
  long size();

  /** When it was stored, by the store's clock. */
  Instant storedAt();
}
