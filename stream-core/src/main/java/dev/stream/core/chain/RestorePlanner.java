package dev.stream.core.chain;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.RestoreTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which artefacts make up a wanted state: a pure function of the listing. It takes the
 * newest snapshot from which the state can be reached, and the fewest segments from there. A state
 * that cannot be reached is refused, never replaced by another one unasked.
 */
public final class RestorePlanner {

  private RestorePlanner() {}

  /**
   * A plan for the target, or why there is none.
   *
   * @throws IllegalArgumentException for a moment: a listing does not tell times, see {@link
   *     dev.stream.core.timeline.Timeline}
   */
  public static RestoreDecision plan(ArchiveListing listing, RestoreTarget target) {
    if (target instanceof RestoreTarget.Pin pin) {
      List<PinDescriptor> pinned = listing.pins(pin.name());
      return pinned.size() == 1
          ? plan(
              listing,
              new RestoreTarget.Transaction(pinned.get(0).generation(), pinned.get(0).txId()))
          : new RestorePlanProblem.NoSuchPin(pin.name(), pinned, listing.pins());
    }
    if (listing.generations().isEmpty()) {
      return new RestorePlanProblem.NothingThere();
    }
    if (target instanceof RestoreTarget.Transaction transaction) {
      return planTransaction(listing, transaction);
    }
    if (target instanceof RestoreTarget.Newest newest) {
      return planNewest(listing, newest);
    }
    throw new IllegalArgumentException("a listing does not tell times: " + target);
  }

  private static RestoreDecision planNewest(ArchiveListing listing, RestoreTarget.Newest target) {
    if (target.generation() != null) {
      Optional<GenerationListing> named = listing.generation(target.generation());
      return named.isEmpty()
          ? unknown(target.generation(), listing)
          : planNewest(named.get(), target.acceptOlder(), List.of());
    }
    List<String> warnings = new ArrayList<>();
    for (GenerationListing generation : newestFirst(listing)) {
      if (!generation.snapshots().isEmpty()) {
        RestoreDecision decision = planNewest(generation, target.acceptOlder(), warnings);
        return warnings.isEmpty() || target.acceptOlderGeneration()
            ? decision
            : onlyOlder(newestFirst(listing).get(0), generation);
      }
      warnings.add(withoutSnapshot(generation));
    }
    GenerationListing newest = newestFirst(listing).get(0);
    return new RestorePlanProblem.NoSnapshot(newest.id(), newest.segments().size());
  }

  private static RestoreDecision planNewest(
      GenerationListing generation, boolean acceptOlder, List<String> warnings) {
    if (generation.snapshots().isEmpty()) {
      return new RestorePlanProblem.NoSnapshot(generation.id(), generation.segments().size());
    }
    StateGraph graph = new StateGraph(generation);
    long newest = graph.newest().orElseThrow();
    long reachable = graph.reachable().last();
    if (reachable == newest) {
      return graph.path(newest, warnings).orElseThrow();
    }
    RestorePlanProblem.Gap gap =
        new RestorePlanProblem.Gap(
            generation.id(), newest, reachable, graph.gaps(reachable, newest));
    if (!acceptOlder) {
      return gap;
    }
    List<String> more = new ArrayList<>(warnings);
    more.add("an older state is restored, as accepted: " + gap.message());
    return graph.path(reachable, more).orElseThrow();
  }

  private static RestorePlanProblem onlyOlder(GenerationListing newest, GenerationListing older) {
    return new RestorePlanProblem.OnlyOlder(
        newest.id(),
        newest.segments().size(),
        older.id(),
        new StateGraph(older).reachable().last());
  }

  private static RestoreDecision planTransaction(
      ArchiveListing listing, RestoreTarget.Transaction target) {
    GenerationId wanted = target.generation();
    if (wanted != null && listing.generation(wanted).isEmpty()) {
      return unknown(wanted, listing);
    }
    RestorePlanProblem best = null;
    for (GenerationListing generation : newestFirst(listing)) {
      if (wanted != null && !generation.id().equals(wanted)) {
        continue;
      }
      StateGraph graph = new StateGraph(generation);
      Optional<RestorePlan> plan = graph.path(target.txId(), List.of());
      if (plan.isPresent()) {
        return plan.get();
      }
      best = moreTelling(best, problem(generation, graph, target.txId()));
    }
    return best == null ? new RestorePlanProblem.NothingThere() : best;
  }

  /** Of several generations the one that gets nearest, and of these the newest. */
  private static RestorePlanProblem moreTelling(
      @Nullable RestorePlanProblem newer, RestorePlanProblem older) {
    if (newer == null || newer instanceof RestorePlanProblem.NoSnapshot) {
      return older;
    }
    return older.recoverableTo().orElse(-1) > newer.recoverableTo().orElse(-1) ? older : newer;
  }

  private static RestorePlanProblem problem(
      GenerationListing generation, StateGraph graph, long txId) {
    if (generation.snapshots().isEmpty()) {
      return new RestorePlanProblem.NoSnapshot(generation.id(), generation.segments().size());
    }
    StateSet states = graph.reachable();
    Long before = states.floor(txId);
    Long after = states.ceiling(txId);
    boolean known = generation.segments().stream().anyMatch(segment -> segment.lastTxId() == txId);
    boolean beyondAGap = after == null && txId < graph.newest().orElse(0);
    return before != null && (known || beyondAGap)
        ? new RestorePlanProblem.Gap(generation.id(), txId, before, graph.gaps(before, txId))
        : new RestorePlanProblem.NoSuchTransaction(generation.id(), txId, before, after);
  }

  public static String withoutSnapshot(GenerationListing generation) {
    return "generation "
        + generation.id()
        + " is newer but has no snapshot yet; its "
        + generation.segments().size()
        + " segment(s) cannot be used";
  }

  public static RestorePlanProblem unknown(GenerationId generation, ArchiveListing listing) {
    return new RestorePlanProblem.UnknownGeneration(
        generation, listing.generations().stream().map(GenerationListing::id).toList());
  }

  public static List<GenerationListing> newestFirst(ArchiveListing listing) {
    List<GenerationListing> generations = new ArrayList<>(listing.generations());
    Collections.reverse(generations);
    return generations;
  }
}
