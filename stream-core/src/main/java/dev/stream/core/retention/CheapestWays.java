package dev.stream.core.retention;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds the fewest artefacts that must not go, so that some states can still be reached. */
final class CheapestWays {

  /** How many artefacts must not go for it, and the last one of all on it. */
  private record Way(long cost, ArtefactDescriptor last) {}

  private final Set<ArtefactDescriptor> going;
  private final TreeMap<Long, List<ArtefactDescriptor>> ends = new TreeMap<>();
  private final Map<Long, Way> ways = new HashMap<>();
  private final Map<ArtefactDescriptor, Long> needed = new LinkedHashMap<>();

  private CheapestWays(GenerationListing generation, Set<ArtefactDescriptor> going) {
    this.going = going;
    for (ArtefactDescriptor artefact : generation.artefacts()) {
      ends.computeIfAbsent(artefact.lastTxId(), end -> new ArrayList<>()).add(artefact);
    }
  }

  /**
   * What must not go, and which state needs it.
   *
   * @param going what would go
   * @param wanted states, which can be reached if nothing goes
   */
  static Map<ArtefactDescriptor, Long> needed(
      GenerationListing generation, Set<ArtefactDescriptor> going, Set<Long> wanted) {
    CheapestWays cheapest = new CheapestWays(generation, going);
    // Ascending: the way to a segment's parent is known by then.
    cheapest.ends.forEach(
        (state, artefacts) -> {
          artefacts.forEach(cheapest::lead);
          if (wanted.contains(state)) {
            cheapest.take(state);
          }
        });
    return cheapest.needed;
  }

  private void lead(ArtefactDescriptor artefact) {
    long cost = going.contains(artefact) ? 1 : 0;
    if (artefact instanceof SegmentDescriptor segment) {
      Way parent = ways.get(segment.parentTxId());
      if (parent == null) {
        return;
      }
      cost += parent.cost();
    }
    ways.merge(
        artefact.lastTxId(),
        new Way(cost, artefact),
        (known, other) -> other.cost() < known.cost() ? other : known);
  }

  /** From now on the way to a state costs nothing. */
  private void take(long wanted) {
    long state = wanted;
    Way way = ways.get(state);
    while (way != null && way.cost() > 0) {
      ArtefactDescriptor last = way.last();
      if (going.contains(last)) {
        needed.put(last, wanted);
      }
      ways.put(state, new Way(0, last));
      way = null;
      if (last instanceof SegmentDescriptor segment) {
        state = segment.parentTxId();
        way = ways.get(state);
      }
    }
  }
}
