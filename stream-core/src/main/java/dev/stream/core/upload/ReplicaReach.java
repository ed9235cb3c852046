package dev.stream.core.upload;

import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a replica leads, and since when it lacks something. Not thread-safe. */
final class ReplicaReach {

  private @Nullable GenerationId snapshotIn;
  private long reached = -1;
  private @Nullable Instant owedSince;
  private @Nullable GenerationId owedUntil;

  /** It has a snapshot of a generation, as far as one knows before a listing; null for none. */
  ReplicaReach(@Nullable GenerationId complete) {
    this.snapshotIn = complete;
  }

  /** It leads up to a transaction of a generation; or, for null, it needs a snapshot. */
  void listed(@Nullable GenerationId generation, long txId) {
    snapshotIn(generation);
    reached = txId;
  }

  /**
   * It has an artefact more.
   *
   * @param leads whether it leads further: not a merged segment, whose parts do
   */
  void stored(SealedArtefact artefact, boolean leads) {
    GenerationId known = snapshotIn;
    if (artefact.snapshot() && (known == null || known.compareTo(artefact.generation()) < 0)) {
      snapshotIn(artefact.generation());
      reached = artefact.lastTxId();
    }
    if (leads && hasSnapshotOf(artefact.generation())) {
      reached = Math.max(reached, artefact.lastTxId());
    }
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
