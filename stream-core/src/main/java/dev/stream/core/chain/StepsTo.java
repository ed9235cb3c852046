package dev.stream.core.chain;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** For each state that leads to a target: how many segments it takes, and the first of them. */
final class StepsTo {

  private static final int NEVER = Integer.MAX_VALUE;

  private final StateSet states;
  private final int[] counts;
  private final @Nullable SegmentDescriptor[] firsts;

  /**
   * Finds them.
   *
   * @param states those of the generation that can be restored
   * @param target one of these
   */
  StepsTo(GenerationListing generation, StateSet states, long target) {
    this.states = states;
    this.counts = new int[states.size()];
    this.firsts = new @Nullable SegmentDescriptor[states.size()];
    Arrays.fill(counts, NEVER);
    counts[states.indexOf(target)] = 0;
    List<SegmentDescriptor> segments = generation.segments();
    // Descending by the first transaction: whatever follows a segment came before it.
    for (int i = segments.size() - 1; i >= 0; i--) {
      take(segments.get(i));
    }
  }

  private void take(SegmentDescriptor segment) {
    int end = states.indexOf(segment.lastTxId());
    int parent = states.indexOf(segment.parentTxId());
    if (end < 0 || parent < 0 || counts[end] == NEVER) {
      return;
    }
    int count = counts[end] + 1;
    SegmentDescriptor known = firsts[parent];
    // Of equally few the widest, which comes first; of those that are the same the smallest.
    boolean smaller =
        known != null && known.lastTxId() == segment.lastTxId() && segment.size() <= known.size();
    if (count < counts[parent] || (count == counts[parent] && smaller)) {
      counts[parent] = count;
      firsts[parent] = segment;
    }
  }

  /** Whether a state leads to the target, or is it. */
  boolean leads(long txId) {
    int index = states.indexOf(txId);
    return index >= 0 && counts[index] != NEVER;
  }

  /** The first segment from a state on; null at the target, or if none leads there. */
  @Nullable SegmentDescriptor next(long txId) {
    int index = states.indexOf(txId);
    return index < 0 ? null : firsts[index];
  }
}
