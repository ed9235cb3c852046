package dev.stream.core.chain;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.SegmentDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How artefacts of one generation lead from state to state, and by which of them it costs least:
 * the one place where chains are followed. What an artefact costs, and where a path may begin, says
 * who asks: the fewest artefacts, the most, or the fewest that were to be deleted.
 *
 * <p>Artefacts are added such that those which lead to a state come before the segments that build
 * on it, as in the order of their first or of their last transactions. Each takes a time that
 * hardly grows with their number, and each state a few bytes. Of paths that cost the same the one
 * added first counts; of segments that have the same transactions the smallest. Not thread-safe.
 */
public final class CheapestPaths {

  private static final long NO_PATH = Long.MAX_VALUE;

  private final StateSet states;
  private final long[] costs;
  private final @Nullable ArtefactDescriptor[] lasts;

  /**
   * Nothing leads anywhere yet.
   *
   * @param states those to which paths are looked for, or over which they may lead
   */
  public CheapestPaths(StateSet states) {
    this.states = states;
    this.costs = new long[states.size()];
    this.lasts = new @Nullable ArtefactDescriptor[states.size()];
    Arrays.fill(costs, NO_PATH);
  }

  /** Paths may begin at this one of the states, without any artefact. */
  public void beginAt(long txId) {
    costs[states.indexOf(txId)] = 0;
  }

  /** A snapshot, with which paths may begin; or a segment, by which they lead on. */
  public void add(ArtefactDescriptor artefact, long cost) {
    if (artefact instanceof SegmentDescriptor segment) {
      add(segment, segment.parentTxId(), cost);
    } else {
      leadTo(artefact, cost);
    }
  }

  /** A segment that is applied to a given state, which may be within it. */
  public void add(SegmentDescriptor segment, long from, long cost) {
    int before = states.indexOf(from);
    if (before >= 0 && costs[before] != NO_PATH) {
      leadTo(segment, costs[before] + cost);
    }
  }

  private void leadTo(ArtefactDescriptor last, long cost) {
    int state = states.indexOf(last.lastTxId());
    if (state >= 0
        && (cost < costs[state] || (cost == costs[state] && isSmaller(last, lasts[state])))) {
      costs[state] = cost;
      lasts[state] = last;
    }
  }

  private static boolean isSmaller(
      ArtefactDescriptor artefact, @Nullable ArtefactDescriptor known) {
    return artefact instanceof SegmentDescriptor one
        && known instanceof SegmentDescriptor other
        && one.firstTxId() == other.firstTxId()
        && one.size() < other.size();
  }

  /** Whether a path leads to a state. */
  public boolean reaches(long txId) {
    int state = states.indexOf(txId);
    return state >= 0 && costs[state] != NO_PATH;
  }

  /** The states to which paths lead. */
  public StateSet reached() {
    return StateSet.of(states.stream().filter(this::reaches));
  }

  /**
   * The artefacts of the path to a state, the first one to apply first.
   *
   * @param txId a state that is reached
   */
  public List<ArtefactDescriptor> to(long txId) {
    List<ArtefactDescriptor> path = new ArrayList<>();
    for (int state = states.indexOf(txId); state >= 0; state = before(state)) {
      ArtefactDescriptor last = lasts[state];
      if (last != null) {
        path.add(last);
      }
    }
    Collections.reverse(path);
    return path;
  }

  /**
   * From now on the path to a state costs nothing, and so makes others cheaper.
   *
   * @param txId a state that is reached
   * @return the artefacts of which it was made up until now, as far as they cost something
   */
  public List<ArtefactDescriptor> settle(long txId) {
    List<ArtefactDescriptor> paid = new ArrayList<>();
    int state = states.indexOf(txId);
    while (state >= 0 && costs[state] > 0) {
      ArtefactDescriptor last = lasts[state];
      if (last != null) {
        paid.add(last);
      }
      costs[state] = 0;
      state = before(state);
    }
    return paid;
  }

  /** The place of the state on which the path to another one builds; negative if none does. */
  private int before(int state) {
    return lasts[state] instanceof SegmentDescriptor segment
        ? states.indexOf(segment.parentTxId())
        : -1;
  }
}
