package dev.stream.core.upload;

import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a replica leads, and since when it lacks something. Not thread-safe. */
final class ReplicaReach {

  /** Segments that were stored one after the other. */
  private record Chain(GenerationId generation, long first, long last) {}

  private @Nullable GenerationId snapshotIn;
  private long reached = -1;
  private @Nullable Chain chain;
  private long listedTxId = -1; // up to which there may be segments, where no snapshot was listed
  private @Nullable Instant owedSince;
  private @Nullable GenerationId owedUntil;

  /** It has a snapshot of a generation, as far as one knows before a listing; null for none. */
  ReplicaReach(@Nullable GenerationId complete) {
    this.snapshotIn = complete;
  }

  /** It leads up to a transaction of a generation, or, for -1, one does not know how far. */
  void listed(GenerationId generation, long txId) {
    snapshotIn(generation);
    reached = txId;
    chain = null;
    listedTxId = -1;
  }

  /** It needs a snapshot, though it may have segments up to a transaction. */
  void listedWithoutSnapshot(long txId) {
    snapshotIn(null);
    reached = -1;
    chain = null;
    listedTxId = txId;
  }

  /**
   * It has an artefact more.
   *
   * @param leads whether it leads further: not a merged segment, whose parts do
   * @return whether it may lead further than is known here, so that only a listing can tell
   */
  boolean stored(SealedArtefact artefact, boolean leads) {
    GenerationId generation = artefact.generation();
    GenerationId known = snapshotIn;
    if (artefact.snapshot() && (known == null || known.compareTo(generation) < 0)) {
      snapshotIn(generation);
      return reachedBySnapshot(generation, artefact.lastTxId());
    }
    if (leads && !artefact.snapshot()) {
      extend(artefact);
    }
    if (leads && hasSnapshotOf(generation)) {
      reached = Math.max(reached, artefact.lastTxId());
    }
    return false;
  }

  private void extend(SealedArtefact segment) {
    Chain known = chain;
    boolean follows =
        known != null
            && known.generation().equals(segment.generation())
            && known.last() + 1 == segment.firstTxId();
    long first = known != null && follows ? known.first() : segment.firstTxId();
    chain = new Chain(segment.generation(), first, segment.lastTxId());
  }

  /** A snapshot may arrive after segments that build on it, for they do not wait for it. */
  private boolean reachedBySnapshot(GenerationId generation, long txId) {
    reached = txId;
    Chain known = chain;
    if (known == null || !known.generation().equals(generation) || known.last() <= txId) {
      return listedTxId > txId;
    }
    if (known.first() > txId + 1) {
      return true;
    }
    reached = known.last();
    return false;
  }

  private void snapshotIn(@Nullable GenerationId generation) {
    snapshotIn = generation;
    if (generation != null && owedUntil != null && generation.compareTo(owedUntil) >= 0) {
      owedSince = null;
      owedUntil = null;
    }
  }

  /** Until it has a snapshot of the next generation it lacks commits, since this moment. */
  void owes(Instant since, GenerationId next) {
    owedUntil = next;
    owedSince = owedSince == null || since.isBefore(owedSince) ? since : owedSince;
  }

  boolean hasSnapshotOf(GenerationId generation) {
    return generation.equals(snapshotIn);
  }

  /** The generation of which it has a snapshot; null if none is known. */
  @Nullable GenerationId generation() {
    return snapshotIn;
  }

  /** The last transaction to which it leads; -1 if that is not known. */
  long reached() {
    return reached;
  }

  /**
   * Since when it lacks something of a generation; null if nothing.
   *
   * @param first the oldest segment of the generation that it lacks; null for none
   */
  @Nullable Instant lackingSince(GenerationStart start, @Nullable SealedArtefact first) {
    if (hasSnapshotOf(start.generation())) {
      return first == null ? null : first.firstCommitAt();
    }
    Instant owed = owedSince;
    return owed != null && owed.isBefore(start.startedAt()) ? owed : start.startedAt();
  }
}
