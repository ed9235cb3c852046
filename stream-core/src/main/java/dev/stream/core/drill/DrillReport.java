package dev.stream.core.drill;

import dev.stream.core.restore.RestoreState;
import dev.stream.core.status.DrillProof;
import dev.stream.core.status.DrillStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a drill ended.
 *
 * @param replica the replica's name
 * @param state what was restored, and proven; null if nothing was
 * @param everything whether everything was fetched, nothing being taken from an earlier copy
 * @param assertions the answers, in the order of the questions
 * @param problem why the replica is not proven; null if it is
 * @param empty whether the replica holds nothing yet, which is the problem then
 * @param at when it ended
 */
public record DrillReport(
    String replica,
    @Nullable RestoreState state,
    boolean everything,
    List<AssertionResult> assertions,
    @Nullable String problem,
    boolean empty,
    Instant at) {

  /** Copies the list. */
  public DrillReport {
    assertions = List.copyOf(assertions);
  }

  /** Whether the replica was proven, and every assertion holds. */
  public boolean ok() {
    return problem == null;
  }

  /** What is to be remembered of it, after what was known before. */
  DrillStatus after(@Nullable DrillStatus before, @Nullable Instant staleAt) {
    DrillProof last = before == null ? null : before.proof();
    if (state == null || problem != null) {
      return new DrillStatus(replica, at, problem, last, before == null ? null : before.staleAt());
    }
    Instant all = everything || last == null ? at : last.fetchedAllAt();
    DrillProof proof =
        new DrillProof(state.generation().value(), state.txId(), state.committedAt(), at, all);
    return new DrillStatus(replica, at, null, proof, staleAt);
  }
}
