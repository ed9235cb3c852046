package dev.stream.core.timeline;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.chain.StateSet;
import dev.stream.core.read.ProofSearch;
import dev.stream.core.retry.FailureText;
import dev.stream.core.state.RestoreTarget;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an offer when one of its artefacts turns out to be damaged, or gone.
 *
 * @param offer how to go on with the same replica; null if it cannot yield what was asked for
 * @param consequence what that means, to be added to the failure's message
 */
public record AlternativeOffer(@Nullable RestoreOffer offer, String consequence) {

  /** How often a replica is listed when artefacts go while they are read. */
  public static final int MAX_LISTINGS = 4;

  private static final AlternativeOffer NONE = new AlternativeOffer(null, "");

  /**
   * Something deleted an artefact: by what is there now the same state can be made up of others; or
   * the newest one, if that was asked for, as long as it is no older.
   */
  public static AlternativeOffer afresh(
      RestoreOffer offer, ArtefactDescriptor gone, RestoreTarget target) {
    RestoreTarget same =
        target instanceof RestoreTarget.Newest
            ? target
            : new RestoreTarget.Transaction(offer.generation(), offer.txId());
    ArchiveListing listing;
    try {
      // A store that goes on to list it does not have it all the same.
      listing = without(offer.archive().list(), gone);
    } catch (IOException e) {
      return new AlternativeOffer(null, ". It cannot be listed again: " + FailureText.of(e));
    }
    RestoreDecision decision = RestorePlanner.plan(listing, same);
    if (decision instanceof RestorePlanProblem problem) {
      return new AlternativeOffer(null, ". It was listed again: " + problem.message());
    }
    RestoreOffer again = offer.replanned(listing, (RestorePlan) decision);
    if (again.isOlderThan(offer) && !acceptsOlder(target)) {
      return new AlternativeOffer(
          null, ". It was listed again, and has no more than transaction " + again.txId());
    }
    return new AlternativeOffer(
        again,
        again.txId() == offer.txId() && again.generation().equals(offer.generation())
            ? ". It was listed again, and the same state is made up of what is there now"
            : ". It was listed again, and the newest state is now that of transaction "
                + again.txId());
  }

  /**
   * Whole artefacts do not make up the state that they say: the newest one up to it that they do
   * make up.
   */
  public static AlternativeOffer proven(
      RestoreOffer offer, RestoreTarget target, long wanted, ProofSearch search) {
    ArchiveListing upToIt = listing(offer.listing(), artefact -> artefact.lastTxId() <= wanted);
    GenerationListing generation = upToIt.generation(offer.generation()).orElse(null);
    Optional<ProofSearch.Proven> found;
    try {
      found = generation == null ? Optional.empty() : search.newest(generation);
    } catch (IOException e) {
      return new AlternativeOffer(
          null, ". Whether an older state can be proven cannot be told: " + FailureText.of(e));
    }
    if (found.isEmpty()) {
      return new AlternativeOffer(null, ". No older state of its generation can be proven here");
    }
    RestorePlan plan = found.get().plan();
    boolean same = plan.txId() == wanted;
    return new AlternativeOffer(
        same || acceptsOlder(target)
            ? offer.replanned(
                upToIt, new RestorePlan(plan.snapshot(), plan.segments(), offer.plan().warnings()))
            : null,
        same
            ? ". Other artefacts make up the same state and are used instead"
            : ". The newest state before it that can be proven here is that of transaction "
                + plan.txId());
  }

  public static AlternativeOffer around(
      RestoreOffer offer, @Nullable ArtefactDescriptor damaged, RestoreTarget target, long wanted) {
    if (damaged == null) {
      return NONE;
    }
    ArchiveListing listing = without(offer.listing(), damaged);
    GenerationListing generation = listing.generation(offer.generation()).orElse(null);
    if (generation == null || generation.snapshots().isEmpty()) {
      return new AlternativeOffer(
          null, ". Without it nothing of its generation can be recovered here");
    }
    StateGraph graph = new StateGraph(generation);
    StateSet states = graph.reachable();
    Long reachable = states.floor(wanted);
    if (reachable == null) {
      return new AlternativeOffer(
          null, ". Without it nothing up to transaction " + wanted + " can be" + " recovered here");
    }
    String consequence =
        reachable == wanted
            ? ". Other artefacts make up the same state and are used instead"
            : ". Without it recovery is possible here up to transaction " + reachable;
    List<String> warnings = offer.plan().warnings();
    return new AlternativeOffer(
        reachable == wanted || acceptsOlder(target)
            ? graph
                .path(reachable, warnings)
                .map(plan -> offer.replanned(listing, plan))
                .orElse(null)
            : null,
        consequence);
  }

  private static boolean acceptsOlder(RestoreTarget target) {
    return target instanceof RestoreTarget.Newest newest && newest.acceptOlder();
  }

  private static ArchiveListing without(ArchiveListing listing, ArtefactDescriptor damaged) {
    return listing(listing, artefact -> !artefact.key().equals(damaged.key()));
  }

  /** What of a listing may be used. */
  static ArchiveListing listing(ArchiveListing listing, Predicate<ArtefactDescriptor> usable) {
    return ArchiveListing.of(
        listing.generations().stream()
            .flatMap(generation -> generation.artefacts().stream())
            .filter(usable)
            .toList());
  }
}
