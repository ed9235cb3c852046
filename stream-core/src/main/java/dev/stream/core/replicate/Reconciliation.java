package dev.stream.core.replicate;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.shadow.SealedArtefact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a replica lacks of what the shadow directory has; a pure function of the two listings.
 *
 * @param missing artefacts to upload
 * @param hole whether the current generation on the replica would still not reach the newest sealed
 *     transaction, so that it needs a new snapshot
 * @param snapshot whether the replica has a snapshot of the current generation
 * @param foreign a generation on the replica that is later than the current one; null if none is
 * @param givenUp ended generations of which the replica cannot get all that is here; no more of
 *     them must follow
 * @param beyond a transaction of the current generation that only the replica knows; else -1
 */
record Reconciliation(
    List<SealedArtefact> missing,
    boolean hole,
    boolean snapshot,
    @Nullable GenerationId foreign,
    Set<GenerationId> givenUp,
    long beyond) {

  /**
   * Compares.
   *
   * @param local everything sealed, of all generations
   * @param sealedTxId the last sealed transaction of the current generation
   */
  static Reconciliation of(
      ArchiveListing remote, List<SealedArtefact> local, GenerationId current, long sealedTxId) {
    GenerationId foreign = null;
    for (GenerationListing listing : remote.generations()) {
      if (listing.id().compareTo(current) > 0) {
        foreign = listing.id();
      }
    }
    Map<GenerationId, List<SealedArtefact>> here = new TreeMap<>();
    local.forEach(
        artefact ->
            here.computeIfAbsent(artefact.generation(), id -> new ArrayList<>()).add(artefact));
    here.computeIfAbsent(current, id -> new ArrayList<>());
    List<SealedArtefact> missing = new ArrayList<>();
    Set<GenerationId> givenUp = new HashSet<>();
    boolean hole = false;
    for (Map.Entry<GenerationId, List<SealedArtefact>> entry : here.entrySet()) {
      GenerationListing there =
          remote
              .generation(entry.getKey())
              .orElseGet(() -> new GenerationListing(entry.getKey(), List.of(), List.of()));
      List<SealedArtefact> lacking = lacking(there, entry.getValue());
      long reach = reach(there, lacking);
      if (entry.getKey().equals(current)) {
        missing.addAll(lacking);
        hole = reach < sealedTxId;
      } else {
        // Of a generation that has ended, only what follows from what is there makes sense.
        List<SealedArtefact> following =
            lacking.stream().filter(artefact -> artefact.lastTxId() <= reach).toList();
        missing.addAll(following);
        if (following.size() < lacking.size()) {
          givenUp.add(entry.getKey());
        }
      }
    }
    GenerationListing now = remote.generation(current).orElse(null);
    long newest = now == null ? -1 : now.newestTxId().orElse(-1);
    return new Reconciliation(
        List.copyOf(missing),
        hole,
        now != null && !now.snapshots().isEmpty(),
        foreign,
        Set.copyOf(givenUp),
        newest > sealedTxId ? newest : -1);
  }

  private static List<SealedArtefact> lacking(GenerationListing there, List<SealedArtefact> here) {
    Map<ObjectKey, Long> sizes = new HashMap<>();
    for (ArtefactDescriptor artefact : there.artefacts()) {
      sizes.put(artefact.key(), artefact.size());
    }
    long newestSnapshot =
        here.stream()
            .filter(SealedArtefact::snapshot)
            .mapToLong(SealedArtefact::lastTxId)
            .max()
            .orElse(-1);
    return here.stream()
        .filter(artefact -> !artefact.snapshot() || artefact.lastTxId() == newestSnapshot)
        .filter(artefact -> !Long.valueOf(artefact.size()).equals(sizes.get(artefact.key())))
        .sorted(Comparator.comparing(SealedArtefact::key))
        .toList();
  }

  /** The last transaction to which the newest snapshot leads; -1 without a snapshot. */
  private static long reach(GenerationListing there, List<SealedArtefact> added) {
    long reach = -1;
    Map<Long, Long> widest =
        new HashMap<>(); // the last transaction of the widest segment from each
    for (SnapshotDescriptor snapshot : there.snapshots()) {
      reach = Math.max(reach, snapshot.txId());
    }
    for (SegmentDescriptor segment : there.segments()) {
      widest.merge(segment.firstTxId(), segment.lastTxId(), Math::max);
    }
    for (SealedArtefact artefact : added) {
      if (artefact.snapshot()) {
        reach = Math.max(reach, artefact.lastTxId());
      } else {
        widest.merge(artefact.firstTxId(), artefact.lastTxId(), Math::max);
      }
    }
    if (reach < 0) {
      return -1;
    }
    for (Long next = widest.get(reach + 1); next != null; next = widest.get(reach + 1)) {
      reach = next;
    }
    return reach;
  }
}
