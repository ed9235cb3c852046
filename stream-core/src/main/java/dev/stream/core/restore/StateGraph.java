package dev.stream.core.restore;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The states of one generation: a snapshot yields a state, and a segment leads from the state on
 * which it builds to a later one. Since several levels cover the same transactions there are many
 * ways; "widest first" alone could run into a dead end where a narrower segment would go on. Safe
 * for use by several threads.
 */
public final class StateGraph {

  private final GenerationListing generation;
  private final NavigableSet<Long> reachable = new TreeSet<>();

  /** States before which transactions are missing, however coarse a segment that has them. */
  private final Set<Long> afterGaps = new HashSet<>();

  /** The states to which the artefacts of a listing lead. */
  public StateGraph(GenerationListing generation) {
    this.generation = generation;
    generation.snapshots().forEach(snapshot -> reachable.add(snapshot.txId()));
    // Ascending by the first transaction: whatever leads to a segment's parent came before it.
    NavigableMap<Long, Long> reach = new TreeMap<>();
    for (SegmentDescriptor segment : generation.segments()) {
      if (reachable.contains(segment.parentTxId())) {
        reachable.add(segment.lastTxId());
        reach.merge(segment.parentTxId(), segment.lastTxId(), Math::max);
      }
    }
    long covered = -1;
    for (long state : reachable) {
      if (covered < state) {
        afterGaps.add(state);
      }
      covered = Math.max(covered, reach.getOrDefault(state, -1L));
    }
  }

  /** Every state that can be restored, by its transaction, ascending; not to be changed. */
  public NavigableSet<Long> reachable() {
    return Collections.unmodifiableNavigableSet(reachable);
  }

  /**
   * Whether all transactions between a reachable state and the one before it are in segments that
   * can be used.
   */
  boolean continues(long state) {
    return !afterGaps.contains(state);
  }

  /** The runs of transactions of which none is missing, each from a state to a state, ascending. */
  public List<TxRange> ranges() {
    List<TxRange> ranges = new ArrayList<>();
    Long first = null;
    long last = 0;
    for (long state : reachable) {
      if (first != null && afterGaps.contains(state)) {
        ranges.add(new TxRange(first, last));
        first = null;
      }
      first = first == null ? Long.valueOf(state) : first;
      last = state;
    }
    if (first != null) {
      ranges.add(new TxRange(first, last));
    }
    return ranges;
  }

  /** The newest transaction that any artefact tells of. */
  OptionalLong newest() {
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
    Map<Long, Step> steps = stepsTo(txId);
    SnapshotDescriptor start = null;
    for (SnapshotDescriptor snapshot : generation.snapshots()) {
      if (steps.containsKey(snapshot.txId())) {
        start = snapshot;
      }
    }
    if (start == null) {
      return Optional.empty();
    }
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (long state = start.txId(); state != txId; ) {
      SegmentDescriptor next = steps.getOrDefault(state, Step.ARRIVED).next();
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
  RestorePlan narrowest(SnapshotDescriptor from) {
    NavigableSet<Long> ahead = new TreeSet<>(Set.of(from.txId()));
    for (SegmentDescriptor segment : generation.segments()) {
      if (ahead.contains(segment.parentTxId())) {
        ahead.add(segment.lastTxId());
      }
    }
    Set<Long> leading = stepsTo(ahead.last()).keySet();
    Map<Long, SegmentDescriptor> next = new HashMap<>();
    for (SegmentDescriptor segment : generation.segments()) {
      if (leading.contains(segment.lastTxId())) {
        next.merge(
            segment.parentTxId(),
            segment,
            (one, other) -> one.lastTxId() <= other.lastTxId() ? one : other);
      }
    }
    List<SegmentDescriptor> path = new ArrayList<>();
    for (long state = from.txId(); state != ahead.last(); ) {
      SegmentDescriptor segment = Objects.requireNonNull(next.get(state));
      path.add(segment);
      state = segment.lastTxId();
    }
    return new RestorePlan(from, path, List.of());
  }

  /** The transactions between a reachable state and a wanted one that no joining segment covers. */
  List<TxRange> gaps(long from, long wanted) {
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

  /** For each state that leads to the target: how many segments it takes, and the first of them. */
  private Map<Long, Step> stepsTo(long txId) {
    Map<Long, Step> steps = new HashMap<>();
    steps.put(txId, Step.ARRIVED);
    List<SegmentDescriptor> descending = new ArrayList<>(generation.segments());
    // Descending by the first transaction: whatever follows a segment came before it.
    descending.sort(
        Comparator.comparingLong(SegmentDescriptor::firstTxId)
            .thenComparingLong(SegmentDescriptor::lastTxId)
            .reversed()
            .thenComparingLong(SegmentDescriptor::size));
    for (SegmentDescriptor segment : descending) {
      Step onwards = steps.get(segment.lastTxId());
      if (onwards == null) {
        continue;
      }
      Step known = steps.get(segment.parentTxId());
      if (known == null || known.segments() > onwards.segments() + 1) {
        steps.put(segment.parentTxId(), new Step(onwards.segments() + 1, segment));
      }
    }
    return steps;
  }

  private record Step(int segments, @Nullable SegmentDescriptor next) {
    static final Step ARRIVED = new Step(0, null);
  }
}
