package dev.stream.core.upload;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one replica lacks: segments in order, merged ones that say nothing but what those say, and
 * snapshots. What is being uploaded stays until that has ended. Not thread-safe.
 */
final class PendingArtefacts {

  private final UploadQueue segments = new UploadQueue();
  private final UploadQueue merged = new UploadQueue();
  private final SnapshotQueue snapshots = new SnapshotQueue();
  private final Set<ObjectKey> uploading = new HashSet<>();
  private final Set<GenerationId> givenUp = new HashSet<>();
  private @Nullable GenerationId floor;

  /**
   * It lacks an artefact, unless its generation was given up: it would leave a hole.
   *
   * @param spare whether it is a merged segment beside others that say the same
   */
  void add(SealedArtefact artefact, boolean spare) {
    boolean dropped = floor != null && artefact.generation().compareTo(floor) < 0;
    if (dropped || givenUp.contains(artefact.generation())) {
      return;
    }
    if (artefact.snapshot()) {
      snapshots.add(artefact, this::isIdle);
    } else {
      (spare ? merged : segments).add(artefact);
    }
  }

  /** From a listing on it lacks what that tells, and what is being uploaded. */
  void replace(Reconciliation found) {
    removeIf(artefact -> true);
    found.missing().stream().filter(this::isIdle).forEach(artefact -> add(artefact, false));
    found.spare().stream().filter(this::isIdle).forEach(artefact -> add(artefact, true));
    givenUp.addAll(found.givenUp());
  }

  private boolean isIdle(SealedArtefact artefact) {
    return !uploading.contains(artefact.key());
  }

  private void removeIf(Predicate<SealedArtefact> condition) {
    Predicate<SealedArtefact> idle = condition.and(this::isIdle);
    segments.removeIf(idle);
    merged.removeIf(idle);
    snapshots.removeIf(idle);
  }

  /** Nothing more of a generation is for the replica. */
  void giveUp(GenerationId generation) {
    givenUp.add(generation);
    removeIf(artefact -> artefact.generation().equals(generation));
  }

  /** Nothing of generations after one is for the replica, up to another one and with it. */
  void giveUp(GenerationId after, GenerationId until) {
    Predicate<SealedArtefact> between =
        one -> one.generation().compareTo(after) > 0 && one.generation().compareTo(until) <= 0;
    all().stream().filter(between).forEach(one -> givenUp.add(one.generation()));
    givenUp.add(until);
    segments.removeIf(between);
    merged.removeIf(between);
    snapshots.removeIf(between);
  }

  /** Nothing of generations before this one is for the replica, now or later. */
  void dropBefore(GenerationId generation) {
    floor = generation;
    removeIf(artefact -> artefact.generation().compareTo(generation) < 0);
  }

  /** Gives up merged segments; returns whether there were any. */
  boolean dropMerged() {
    int before = merged.all().size();
    merged.removeIf(this::isIdle);
    return merged.all().size() < before;
  }

  /** Gives up a snapshot; returns whether it was pending. */
  boolean drop(SealedArtefact snapshot) {
    boolean pending = isPending(snapshot);
    snapshots.remove(snapshot.key());
    return pending;
  }

  /** Whether a snapshot waits or is being uploaded. */
  boolean isPending(SealedArtefact snapshot) {
    return snapshots.contains(snapshot.key());
  }

  /** Whether an artefact is lacked or being uploaded. */
  boolean contains(SealedArtefact artefact) {
    return segments.contains(artefact.key())
        || merged.contains(artefact.key())
        || snapshots.contains(artefact.key())
        || uploading.contains(artefact.key());
  }

  /**
   * The next one for a lane; null if there is none. Of segments the oldest, for they are a chain;
   * of snapshots the newest; merged ones last, once nothing else waits.
   *
   * @param hold what is kept from the replica
   */
  @Nullable SealedArtefact head(boolean ofSnapshots, UploadHold hold) {
    SealedArtefact segment = unlessHeld(segments.first(), hold);
    if (!ofSnapshots) {
      return segment;
    }
    SealedArtefact snapshot = snapshots.newest(one -> !hold.holds(one.generation()));
    return snapshot != null || segment != null ? snapshot : unlessHeld(merged.first(), hold);
  }

  /** Later ones are held back as well, since a queue is in the order of generations. */
  private static @Nullable SealedArtefact unlessHeld(
      @Nullable SealedArtefact first, UploadHold hold) {
    return first == null || hold.holds(first.generation()) ? null : first;
  }

  /** An artefact is being uploaded. */
  void begin(SealedArtefact artefact) {
    uploading.add(artefact.key());
  }

  /** It is no longer, and still lacked. */
  void failed(SealedArtefact artefact) {
    uploading.remove(artefact.key());
  }

  /** It is no longer, and no longer lacked; returns whether others said the same. */
  boolean finished(SealedArtefact artefact) {
    uploading.remove(artefact.key());
    snapshots.remove(artefact.key());
    boolean ignored = segments.remove(artefact.key());
    return merged.remove(artefact.key());
  }

  boolean isEmpty(boolean ofSnapshots) {
    return ofSnapshots ? snapshots.isEmpty() && merged.isEmpty() : segments.isEmpty();
  }

  /** The oldest segment of a generation; null if none is lacked. */
  @Nullable SealedArtefact firstSegment(GenerationId generation) {
    return segments.all().stream()
        .filter(one -> one.generation().equals(generation))
        .findFirst()
        .orElse(null);
  }

  /** All of them: snapshots, segments, merged segments. */
  List<SealedArtefact> all() {
    List<SealedArtefact> all = snapshots.all();
    all.addAll(segments.all());
    all.addAll(merged.all());
    return all;
  }
}
