package dev.stream.core.retention;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.chain.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the fewest artefacts that must not go, so that some states can still be reached. */
final class CheapestPaths {

  private static final int NO_WAY = -1;

  private final Predicate<ArtefactDescriptor> going;
  private final StateSet states;

  /** How many artefacts must not go for a state, and the last one of all on the way there. */
  private final int[] costs;

  private final @Nullable ArtefactDescriptor[] lasts;
  private final Map<ArtefactDescriptor, Long> needed = new LinkedHashMap<>();

  private CheapestPaths(List<ArtefactDescriptor> byState, Predicate<ArtefactDescriptor> going) {
    this.going = going;
    this.states = StateSet.of(byState.stream().mapToLong(ArtefactDescriptor::lastTxId));
    this.costs = new int[states.size()];
    this.lasts = new @Nullable ArtefactDescriptor[states.size()];
    Arrays.fill(costs, NO_WAY);
  }

  /**
   * What must not go, and which state needs it.
   *
   * @param going what would go
   * @param wanted states, which can be reached if nothing goes
   */
  static Map<ArtefactDescriptor, Long> needed(
      GenerationListing generation, Predicate<ArtefactDescriptor> going, StateSet wanted) {
    List<ArtefactDescriptor> byState = new ArrayList<>(generation.artefacts());
    byState.sort(Comparator.comparingLong(ArtefactDescriptor::lastTxId));
    CheapestPaths cheapest = new CheapestPaths(byState, going);
    // Ascending: the way to a segment's parent is known by then.
    for (int i = 0; i < byState.size(); i++) {
      long state = byState.get(i).lastTxId();
      cheapest.lead(byState.get(i));
      boolean lastOfState = i + 1 == byState.size() || byState.get(i + 1).lastTxId() > state;
      if (lastOfState && wanted.contains(state)) {
        cheapest.take(state);
      }
    }
    return cheapest.needed;
  }

  private void lead(ArtefactDescriptor artefact) {
    int cost = going.test(artefact) ? 1 : 0;
    if (artefact instanceof SegmentDescriptor segment) {
      int parent = states.indexOf(segment.parentTxId());
      if (parent < 0 || costs[parent] == NO_WAY) {
        return;
      }
      cost += costs[parent];
    }
    int state = states.indexOf(artefact.lastTxId());
    if (costs[state] == NO_WAY || cost < costs[state]) {
      costs[state] = cost;
      lasts[state] = artefact;
    }
  }

  /** From now on the way to a state costs nothing. */
  private void take(long wanted) {
    int state = states.indexOf(wanted);
    while (state >= 0 && costs[state] > 0) {
      ArtefactDescriptor last = lasts[state];
      if (last != null && going.test(last)) {
        needed.put(last, wanted);
      }
      costs[state] = 0;
      state = last instanceof SegmentDescriptor segment ? states.indexOf(segment.parentTxId()) : -1;
    }
  }
}
