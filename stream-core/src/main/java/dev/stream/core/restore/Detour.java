package dev.stream.core.restore;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.restore.RestoreCandidates.Offer;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an offer when one of its artefacts turns out to be damaged.
 *
 * @param offer how to go on with the same replica; null if it cannot yield what was asked for
 * @param consequence what that means, to be added to the failure's message
 */
record Detour(@Nullable Offer offer, String consequence) {

  private static final Detour NONE = new Detour(null, "");

  static Detour around(
      Offer offer, @Nullable ArtefactDescriptor damaged, RestoreTarget target, long wanted) {
    if (damaged == null) {
      return NONE;
    }
    ArchiveListing listing = without(offer.listing(), damaged);
    GenerationListing generation = listing.generation(offer.generation()).orElse(null);
    if (generation == null || generation.snapshots().isEmpty()) {
      return new Detour(null, ". Without it nothing of its generation can be recovered here");
    }
    StateGraph graph = new StateGraph(generation);
    NavigableSet<Long> states = graph.reachable();
    Long reachable = states.floor(wanted);
    if (reachable == null) {
      return new Detour(
          null, ". Without it nothing up to transaction " + wanted + " can be" + " recovered here");
    }
    String consequence =
        reachable == wanted
            ? ". Other artefacts make up the same state and are used instead"
            : ". Without it recovery is possible here up to transaction " + reachable;
    boolean acceptOlder = target instanceof RestoreTarget.Newest newest && newest.acceptOlder();
    List<String> warnings = offer.plan().warnings();
    return new Detour(
        reachable == wanted || acceptOlder
            ? graph
                .path(reachable, warnings)
                .map(plan -> new Offer(offer.replica(), offer.archive(), listing, plan))
                .orElse(null)
            : null,
        consequence);
  }

  private static ArchiveListing without(ArchiveListing listing, ArtefactDescriptor damaged) {
    return ArchiveListing.of(
        listing.generations().stream()
            .flatMap(generation -> generation.artefacts().stream())
            .filter(artefact -> !artefact.key().equals(damaged.key()))
            .toList());
  }
}
