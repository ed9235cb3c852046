package dev.stream.core.compact;

import dev.stream.api.replica.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be merged at a moment, in one generation.
 *
 * @param due runs to be merged now, all of one level; more may be due once they are merged
 * @param waiting segments that a run, now or later, may still need; all others are done with
 * @param nextDue when the passing of time alone makes something due; null if it never does
 */
public record CompactionPlan(
    List<SegmentRun> due, Set<ObjectKey> waiting, @Nullable Instant nextDue) {

  /** Copies the lists. */
  public CompactionPlan {
    due = List.copyOf(due);
    waiting = Set.copyOf(waiting);
  }
}
