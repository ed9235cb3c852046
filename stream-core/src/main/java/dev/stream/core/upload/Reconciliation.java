package dev.stream.core.upload;

import static java.util.Objects.requireNonNull;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.NarrowerSegments;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.chain.StateSet;
import dev.stream.core.chain.WiderSegments;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a replica lacks of what the shadow directory has; a pure function of the two listings.
 *
 * @param missing artefacts to upload, so that a restore can use all that is here
 * @param spare merged segments to upload too, beside others that say the same
 * @param hole whether the current generation on the replica would still not reach the newest sealed
 *     transaction, so that it needs a new snapshot
 * @param snapshot whether the replica has a snapshot of the current generation
 * @param foreign a generation on the replica that is later than the current one; null if none is
 * @param givenUp ended generations of which the replica cannot get all that is here; no more of
 *     them must follow
 * @param beyond a transaction of the current generation that only the replica knows; else -1
 */
public record Reconciliation(
    List<SealedArtefact> missing,
    List<SealedArtefact> spare,
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
  public static Reconciliation of(
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
    List<SealedArtefact> spare = new ArrayList<>();
    Set<GenerationId> givenUp = new HashSet<>();
    boolean hole = false;
    for (Map.Entry<GenerationId, List<SealedArtefact>> entry : here.entrySet()) {
      GenerationListing there =
          remote
              .generation(entry.getKey())
              .orElseGet(() -> new GenerationListing(entry.getKey(), List.of(), List.of()));
      List<SealedArtefact> lacking = lacking(there, entry.getValue());
      long reach = reach(there, lacking);
      List<SealedArtefact> added = lacking;
      if (entry.getKey().equals(current)) {
        hole = reach < sealedTxId;
      } else {
        // Of a generation that has ended, only what follows from what is there makes sense.
        added = lacking.stream().filter(artefact -> artefact.lastTxId() <= reach).toList();
        if (added.size() < lacking.size()) {
          givenUp.add(entry.getKey());
        }
      }
      NarrowerSegments narrower = new NarrowerSegments(together(there, added));
      added.forEach(one -> (isSpare(one, narrower) ? spare : missing).add(one));
    }
    GenerationListing now = remote.generation(current).orElse(null);
    long newest = now == null ? -1 : now.newestTxId().orElse(-1);
    return new Reconciliation(
        List.copyOf(missing),
        List.copyOf(spare),
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
    WiderSegments wider = new WiderSegments(there.segments());
    long newestHere =
        here.stream()
            .filter(SealedArtefact::snapshot)
            .mapToLong(SealedArtefact::lastTxId)
            .max()
            .orElse(-1);
    return here.stream()
        .filter(artefact -> !artefact.snapshot() || artefact.lastTxId() == newestHere)
        .filter(
            artefact -> {
              Long size = sizes.get(artefact.key());
              return size == null
                  ? isOfUse(artefact, there.snapshots(), wider)
                  : size != artefact.size();
            })
        .sorted(Comparator.comparing(SealedArtefact::key))
        .toList();
  }

  /**
   * Whether the replica has nothing that makes an artefact needless, since it may have removed it.
   */
  private static boolean isOfUse(
      SealedArtefact artefact, List<SnapshotDescriptor> snapshots, WiderSegments wider) {
    if (artefact.snapshot()) {
      return snapshots.isEmpty()
          || snapshots.get(snapshots.size() - 1).txId() < artefact.lastTxId();
    }
    return (snapshots.isEmpty() || snapshots.get(0).txId() < artefact.lastTxId())
        && wider.over(artefact.level(), artefact.firstTxId(), artefact.lastTxId()) == null;
  }

  /** The last transaction to which snapshots and segments lead; -1 without a snapshot. */
  private static long reach(GenerationListing there, List<SealedArtefact> added) {
    StateSet states = new StateGraph(together(there, added)).reachable();
    return states.isEmpty() ? -1 : states.last();
  }

  private static GenerationListing together(
      GenerationListing there, Collection<SealedArtefact> here) {
    if (here.isEmpty()) {
      return there;
    }
    return ArchiveListing.of(
            Stream.concat(there.artefacts().stream(), here.stream().map(SealedArtefact::descriptor))
                .toList())
        .generation(there.id())
        .orElse(there);
  }

  /**
   * The merged segments that say nothing but what narrower ones of the same say too.
   *
   * @param artefacts of several generations
   */
  static Set<SealedArtefact> spare(Collection<SealedArtefact> artefacts) {
    ArchiveListing all =
        ArchiveListing.of(artefacts.stream().map(SealedArtefact::descriptor).toList());
    Map<GenerationId, NarrowerSegments> narrower = new HashMap<>();
    for (GenerationListing generation : all.generations()) {
      narrower.put(generation.id(), new NarrowerSegments(generation));
    }
    return artefacts.stream()
        .filter(one -> isSpare(one, requireNonNull(narrower.get(one.generation()))))
        .collect(Collectors.toSet());
  }

  private static boolean isSpare(SealedArtefact artefact, NarrowerSegments narrower) {
    return artefact.descriptor() instanceof SegmentDescriptor segment && narrower.replace(segment);
  }
}
