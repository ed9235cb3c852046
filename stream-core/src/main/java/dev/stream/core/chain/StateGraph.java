package dev.stream.core.chain;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.state.TxRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The states of one generation: a snapshot yields a state, and a segment leads from the state on
 * which it builds to a later one. Since several levels cover the same transactions there are many
 * ways; "widest first" alone could run into a dead end where a narrower segment would go on. Safe
 * for use by several threads.
 */
public final class StateGraph {

  private final GenerationListing generation;
  private final StateSet reachable;

  /** Places of states before which transactions are missing, however coarse a segment has them. */
  private final BitSet afterGaps = new BitSet();

  /** The states to which the artefacts of a listing lead. */
  public StateGraph(GenerationListing generation) {
    this.generation = generation;
    CheapestPaths paths = new CheapestPaths(ends(generation));
    generation.artefacts().forEach(artefact -> paths.add(artefact, 0)); // snapshots first
    this.reachable = paths.reached();
    findGaps();
  }

  private static StateSet ends(GenerationListing generation) {
    return StateSet.of(
        LongStream.concat(
            generation.snapshots().stream().mapToLong(SnapshotDescriptor::txId),
            generation.segments().stream().mapToLong(SegmentDescriptor::lastTxId)));
  }

  private void findGaps() {
    long covered = -1;
    int next = 0;
    for (SegmentDescriptor segment : generation.segments()) { // ascending by what it builds on
      if (reachable.contains(segment.parentTxId())) {
        next = findGaps(next, segment.parentTxId(), covered);
        covered = Math.max(covered, segment.lastTxId());
      }
    }
    int ignored = findGaps(next, Long.MAX_VALUE, covered);
  }

  /** Marks states from a place on, up to a transaction, that are beyond what is covered. */
  private int findGaps(int from, long until, long covered) {
    int next = from;
    while (next < reachable.size() && reachable.get(next) <= until) {
      if (covered < reachable.get(next)) {
        afterGaps.set(next);
      }
      next++;
    }
    return next;
  }

  /** Every state that can be restored. */
  public StateSet reachable() {
    return reachable;
  }

  /**
   * Whether all transactions between a reachable state and the one before it are in segments that
   * can be used.
   *
   * @param index the place of the state
   */
  public boolean continues(int index) {
    return !afterGaps.get(index);
  }

  /**
   * Whether this has all states of a graph of more artefacts from one of them on, and lacks no
   * transactions between these that the other does not lack.
   */
  public boolean replaces(StateGraph more, long from) {
    if (!reachable.containsAll(more.reachable, from)) {
      return false;
    }
    for (int i = more.reachable.indexOf(from) + 1; i < more.reachable.size(); i++) {
      if (more.continues(i) && !continues(reachable.indexOf(more.reachable.get(i)))) {
        return false;
      }
    }
    return true;
  }

  /** The runs of transactions of which none is missing, each from a state to a state, ascending. */
  public List<TxRange> ranges() {
    List<TxRange> ranges = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= reachable.size(); i++) {
      if (i == reachable.size() || afterGaps.get(i)) {
        ranges.add(new TxRange(reachable.get(first), reachable.get(i - 1)));
        first = i;
      }
    }
    return ranges;
  }

  /** The newest transaction that any artefact tells of. */
  public OptionalLong newest() {
    return generation.newestTxId();
  }

  /**
   * The newest snapshot from which a state can be reached, and the fewest segments from there.
   * Empty if the state cannot be reached.
   *
   * @param warnings what the plan tells
   */
  public Optional<RestorePlan> path(long txId, List<String> warnings) {
    if (!reachable.contains(txId)) {
      return Optional.empty();
    }
    CheapestPaths paths = new CheapestPaths(reachable);
    // To begin with an older snapshot costs more than any number of segments.
    long older = generation.segments().size() + 1L;
    long cost = older * generation.snapshots().size();
    for (SnapshotDescriptor snapshot : generation.snapshots()) {
      paths.add(snapshot, cost);
      cost -= older;
    }
    generation.segments().forEach(segment -> paths.add(segment, 1));
    return Optional.of(plan(paths.to(txId), warnings));
  }

  /**
   * From a snapshot as far as segments lead, by the most of them, so as to pass the most states.
   */
  public RestorePlan narrowest(SnapshotDescriptor from) {
    CheapestPaths paths = new CheapestPaths(reachable);
    paths.add(from, 0);
    generation.segments().forEach(segment -> paths.add(segment, -1));
    return plan(paths.to(paths.reached().last()), List.of());
  }

  private static RestorePlan plan(List<ArtefactDescriptor> path, List<String> warnings) {
    return new RestorePlan(
        (SnapshotDescriptor) path.get(0),
        path.stream().skip(1).map(SegmentDescriptor.class::cast).toList(),
        warnings);
  }

  /** The transactions between a reachable state and a wanted one that no joining segment covers. */
  public List<TxRange> gaps(long from, long wanted) {
    List<SegmentDescriptor> widestFirst = new ArrayList<>(generation.segments());
    widestFirst.sort(
        Comparator.comparingLong(SegmentDescriptor::firstTxId)
            .thenComparing(Comparator.comparingLong(SegmentDescriptor::lastTxId).reversed()));
    List<TxRange> gaps = new ArrayList<>();
    long at = from;
    for (SegmentDescriptor segment : widestFirst) {
      if (segment.parentTxId() < at || segment.lastTxId() > wanted) {
        continue;
      }
      if (segment.parentTxId() > at) {
        gaps.add(new TxRange(at + 1, segment.parentTxId()));
      }
      at = segment.lastTxId();
    }
    if (at < wanted) {
      gaps.add(new TxRange(at + 1, wanted));
    }
    return gaps;
  }
}
