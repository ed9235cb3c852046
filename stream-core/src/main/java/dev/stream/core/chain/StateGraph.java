package dev.stream.core.chain;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.state.TxRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    StateSet all = ends(generation);
    BitSet reached = new BitSet(all.size());
    generation.snapshots().forEach(snapshot -> reached.set(all.indexOf(snapshot.txId())));
    // Ascending by the first transaction: whatever leads to a segment's parent came before it.
    for (SegmentDescriptor segment : generation.segments()) {
      int parent = all.indexOf(segment.parentTxId());
      if (parent >= 0 && reached.get(parent)) {
        reached.set(all.indexOf(segment.lastTxId()));
      }
    }
    this.reachable =
        reached.cardinality() == all.size()
            ? all
            : StateSet.of(reached.stream().mapToLong(all::get));
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
   * The newest snapshot from which a state can be reached, and the fewest segments from there; of
   * equally few the widest first. Empty if the state cannot be reached.
   *
   * @param warnings what the plan tells
   */
  public Optional<RestorePlan> path(long txId, List<String> warnings) {
    if (!reachable.contains(txId)) {
      return Optional.empty();
    }
    StepsTo steps = new StepsTo(generation, reachable, txId);
    SnapshotDescriptor start = null;
    for (SnapshotDescriptor snapshot : generation.snapshots()) {
      if (steps.leads(snapshot.txId())) {
        start = snapshot;
      }
    }
    if (start == null) {
      return Optional.empty();
    }
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (long state = start.txId(); state != txId; ) {
      SegmentDescriptor next = steps.next(state);
      if (next == null) {
        return Optional.empty();
      }
      segments.add(next);
      state = next.lastTxId();
    }
    return Optional.of(new RestorePlan(start, segments, warnings));
  }

  /**
   * From a snapshot as far as segments lead, by the narrowest of them, so as to pass the most
   * states.
   */
  public RestorePlan narrowest(SnapshotDescriptor from) {
    BitSet ahead = new BitSet(reachable.size());
    int last = reachable.indexOf(from.txId());
    ahead.set(last);
    for (SegmentDescriptor segment : generation.segments()) {
      int parent = reachable.indexOf(segment.parentTxId());
      if (parent >= 0 && ahead.get(parent)) {
        int end = reachable.indexOf(segment.lastTxId());
        ahead.set(end);
        last = Math.max(last, end);
      }
    }
    long target = reachable.get(last);
    StepsTo leading = new StepsTo(generation, reachable, target);
    Map<Long, SegmentDescriptor> next = new HashMap<>();
    for (SegmentDescriptor segment : generation.segments()) {
      if (leading.leads(segment.lastTxId())) {
        next.merge(
            segment.parentTxId(),
            segment,
            (one, other) -> one.lastTxId() <= other.lastTxId() ? one : other);
      }
    }
    List<SegmentDescriptor> path = new ArrayList<>();
    for (long state = from.txId(); state != target; ) {
      SegmentDescriptor segment = Objects.requireNonNull(next.get(state));
      path.add(segment);
      state = segment.lastTxId();
    }
    return new RestorePlan(from, path, List.of());
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
