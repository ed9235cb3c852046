package dev.stream.core.timeline;

import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.timeline.CommitTimes.UselessHeader;
import dev.stream.core.timeline.ReachableRange.Stretch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the states of a generation together to stretches of a granularity. From the newest state
 * backwards they only get coarser: a fine segment among wide ones (nothing was to be merged with
 * it) makes no stretch, so that there are few, and few headers are read.
 */
final class ReachableRanges {

  private final RestorableStates line;
  private final List<Stretch> newestFirst = new ArrayList<>();

  ReachableRanges(RestorableStates line) {
    this.line = line;
  }

  ReachableRange read() throws IOException, UselessHeader {
    Map<Long, Integer> levels = levels();
    for (int last = line.size() - 1; last >= 0; ) {
      last = readRun(levels, last) - 1;
    }
    Collections.reverse(newestFirst);
    return new ReachableRange(line.generation(), line.size(), newestFirst);
  }

  /** Reads what goes without a gap to a state; returns where it begins. */
  private int readRun(Map<Long, Integer> levels, int runEnd) throws IOException, UselessHeader {
    int last = runEnd;
    int level = 0;
    int at = runEnd;
    while (at > 0 && line.breakAfter(at - 1) == null) {
      int step = levels.getOrDefault(line.txId(at), 0);
      if (step > level) {
        if (at < last) {
          add(at, last, level);
          last = at;
        }
        level = step;
      }
      at--;
    }
    if (at < last || last == runEnd) {
      add(at, last, level);
    }
    return at;
  }

  private void add(int first, int last, int level) throws IOException, UselessHeader {
    CommitClock from = line.time(first);
    CommitClock to = line.time(last);
    int steps = last - first;
    boolean tells = steps > 0 && from.steps() == to.steps();
    newestFirst.add(
        new Stretch(
            line.timed(first),
            line.timed(last),
            level,
            steps,
            tells
                ? Duration.between(from.lastCommitAt(), to.lastCommitAt()).dividedBy(steps)
                : null));
  }

  /** The finest level of those segments that lead to a state. */
  private Map<Long, Integer> levels() {
    Map<Long, Integer> levels = new HashMap<>();
    for (SegmentDescriptor segment : line.listing().segments()) {
      if (line.graph().reachable().contains(segment.parentTxId())) {
        levels.merge(segment.lastTxId(), segment.level(), Math::min);
      }
    }
    return levels;
  }
}
