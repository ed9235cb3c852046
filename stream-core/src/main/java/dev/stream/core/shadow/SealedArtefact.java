package dev.stream.core.shadow;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.state.GenerationId;
import java.time.Instant;

/**
 * An artefact in the shadow directory: what it is, and what a listing does not tell.
 *
 * @param descriptor what it is
 * @param key its key, here and on every replica; kept, since queues ask for it again and again
 * @param firstCommitAt when the first commit in it was captured
 */
public record SealedArtefact(ArtefactDescriptor descriptor, ObjectKey key, Instant firstCommitAt) {

  /** An artefact that is described. */
  public static SealedArtefact of(ArtefactDescriptor descriptor, Instant firstCommitAt) {
    return new SealedArtefact(descriptor, descriptor.key(), firstCommitAt);
  }

  /** A snapshot of one transaction. */
  public static SealedArtefact snapshot(
      GenerationId generation, long txId, long size, Instant commitAt) {
    return of(new SnapshotDescriptor(generation, txId, size, commitAt), commitAt);
  }

  /** A segment. */
  public static SealedArtefact segment(
      GenerationId generation, int level, long first, long last, long size, Instant firstCommitAt) {
    return of(
        new SegmentDescriptor(generation, level, first, last, size, firstCommitAt), firstCommitAt);
  }

  /** Whether it is a snapshot, else a segment. */
  public boolean snapshot() {
    return descriptor instanceof SnapshotDescriptor;
  }

  /** The generation it belongs to. */
  public GenerationId generation() {
    return descriptor.generation();
  }

  /** Compaction level; 0 as captured, and of a snapshot. */
  public int level() {
    return descriptor.level();
  }

  /** First transaction; that of a snapshot is its last. */
  public long firstTxId() {
    return descriptor.firstTxId();
  }

  /** Last transaction. */
  public long lastTxId() {
    return descriptor.lastTxId();
  }

  /** Its length in bytes. */
  public long size() {
    return descriptor.size();
  }
}
