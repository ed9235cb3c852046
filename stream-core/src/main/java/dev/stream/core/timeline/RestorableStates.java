package dev.stream.core.timeline;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.artefact.CatchUpMark;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.chain.StateSet;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import dev.stream.core.timeline.CommitTimes.UselessHeader;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The states of one generation that can be restored and told apart by time, in their order. */
final class RestorableStates {

  private final GenerationListing listing;
  private final StateGraph graph;
  private final CommitTimes times;
  private final long[] states;

  RestorableStates(GenerationListing listing, CommitTimes times) {
    this.listing = listing;
    this.graph = new StateGraph(listing);
    this.times = times;
    this.states =
        graph.reachable().stream().filter(state -> times.mayTell(listing.id(), state)).toArray();
  }

  GenerationId generation() {
    return listing.id();
  }

  GenerationListing listing() {
    return listing;
  }

  StateGraph graph() {
    return graph;
  }

  int size() {
    return states.length;
  }

  long txId(int index) {
    return states[index];
  }

  /** Where a state is, or, as a negative number, where it would be; as {@link Arrays} has it. */
  int indexOf(long txId) {
    return Arrays.binarySearch(states, txId);
  }

  CommitClock time(int index) throws IOException, UselessHeader {
    return times.of(listing, states[index]);
  }

  /** A state, with its time if that takes no request. */
  ReachableState state(int index) {
    CommitClock time = times.known(generation(), states[index]);
    return new ReachableState(
        generation(), states[index], time == null ? null : time.lastCommitAt());
  }

  /**
   * What was captured as one on the way to a state from the one before; null for nothing, and while
   * the state's time is not known.
   */
  @Nullable CatchUpMark catchUp(int index) {
    CatchUpMark mark = times.catchUp(generation(), states[index]);
    return mark != null && index > 0 && mark.txId() > states[index - 1] ? mark : null;
  }

  /** A state with its time. */
  ReachableState timed(int index) throws IOException, UselessHeader {
    return new ReachableState(generation(), states[index], time(index).lastCommitAt());
  }

  /** The first state from this one on before which transactions are missing; null for none. */
  @Nullable Long breakAfter(int index) {
    StateSet all = graph.reachable();
    long until = index + 1 < states.length ? states[index + 1] : Long.MAX_VALUE;
    for (int i = all.indexOf(states[index]) + 1; i < all.size() && all.get(i) <= until; i++) {
      if (!graph.continues(i)) {
        return all.get(i);
      }
    }
    long newest = graph.newest().orElse(0);
    return index + 1 == states.length && newest > all.last() ? newest : null;
  }
}
