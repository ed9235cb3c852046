package dev.stream.core.timeline;

import dev.stream.core.artefact.CommitClock;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.TxRange;
import dev.stream.core.timeline.CommitTimes.UselessHeader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the state at a moment by reading few headers. Within a generation commit times never
 * decrease from state to state, so halving finds the place; where the clock was set back, time and
 * again, for the newest stretch of time first.
 */
final class MomentSearch {

  private final List<RestorableStates> newestFirst;
  private final Instant at;
  private @Nullable ReachableState oldest;

  MomentSearch(List<RestorableStates> newestFirst, Instant at) {
    this.newestFirst = newestFirst;
    this.at = at;
  }

  TimelineAnswer run() throws IOException, UselessHeader {
    List<String> warnings = new ArrayList<>();
    RestorableStates newer = null;
    RestorableStates newest = null;
    for (RestorableStates line : newestFirst) {
      if (line.listing().snapshots().isEmpty()) {
        warnings.add(RestorePlanner.withoutSnapshot(line.listing()));
        continue;
      }
      if (line.size() > 0) {
        newest = newest == null ? line : newest;
        int found = find(line);
        if (found >= 0) {
          boolean last = found + 1 == line.size();
          ReachableState after =
              last ? (newer == null ? null : newer.state(0)) : line.state(found + 1);
          return answer(line, found, after, last && line == newest ? warnings : List.of());
        }
        newer = line;
      }
    }
    ReachableState first = oldest;
    RestorePlanProblem problem;
    if (first != null) {
      problem = new RestorePlanProblem.BeforeEverything(at, first);
    } else if (newestFirst.isEmpty()) {
      problem = new RestorePlanProblem.NothingThere();
    } else {
      RestorableStates any = newestFirst.get(0);
      problem =
          new RestorePlanProblem.NoSnapshot(any.generation(), any.listing().segments().size());
    }
    return new TimelineAnswer(problem, null, first, null);
  }

  /** The newest state of a generation that was committed by the moment; -1 for none. */
  private int find(RestorableStates line) throws IOException, UselessHeader {
    for (int end = line.size(); end > 0; ) {
      CommitClock last = line.time(end - 1);
      if (!last.lastCommitAt().isAfter(at)) {
        return end - 1;
      }
      CommitClock wanted = new CommitClock(last.steps(), at, last.catchUps());
      if (line.time(0).compareTo(wanted) > 0) {
        tooLate(line, 0);
        return -1;
      }
      int before = 0;
      int after = end - 1;
      while (after - before > 1) {
        int middle = (before + after) >>> 1;
        if (line.time(middle).compareTo(wanted) <= 0) {
          before = middle;
        } else {
          after = middle;
        }
      }
      if (line.time(before).steps() == last.steps()) {
        return before;
      }
      // The clock was set back right before: all that it showed since is later.
      tooLate(line, after);
      end = before + 1;
    }
    return -1;
  }

  private void tooLate(RestorableStates line, int index) throws IOException, UselessHeader {
    Instant time = line.time(index).lastCommitAt();
    ReachableState first = oldest;
    if (first == null || first.committedAt() == null || !time.isAfter(first.committedAt())) {
      oldest = line.timed(index);
    }
  }

  private TimelineAnswer answer(
      RestorableStates line, int found, @Nullable ReachableState after, List<String> newerOnes)
      throws IOException, UselessHeader {
    ReachableState state = line.timed(found);
    Long broken = line.breakAfter(found);
    if (broken != null) {
      List<TxRange> missing = line.graph().gaps(state.txId(), broken);
      return new TimelineAnswer(
          new RestorePlanProblem.LostMoment(at, state, after, missing), state, after, null);
    }
    List<String> warnings = new ArrayList<>(newerOnes);
    if (after == null && line.time(found).lastCommitAt().isBefore(at)) {
      warnings.add(
          "the newest commit that can be restored is that of "
              + state.committedAt()
              + ", transaction "
              + state.txId()
              + "; there is nothing between it and "
              + at);
    }
    if (line.time(found).steps() > 0 || later(line) > 0) {
      warnings.add(
          "the clock of the capturing machine was set back in generation "
              + line.generation()
              + ", so it showed some moments more than once; the last time counts");
    }
    return new TimelineAnswer(
        line.graph().path(state.txId(), warnings).orElseThrow(),
        state,
        after,
        found + 1 < line.size() ? line.catchUp(found + 1) : null);
  }

  private static long later(RestorableStates line) throws IOException, UselessHeader {
    return line.time(line.size() - 1).steps();
  }
}
