package dev.stream.core.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the last drill of a replica ended.
 *
 * @param replica the replica's name
 * @param at when it ended
 * @param problem why the replica was not proven; null if it was
 * @param proof what was proven last, by this drill or an earlier one; null if nothing ever was
 * @param staleAt from when on that is too old to count on, as drills are scheduled; null if they
 *     are not
 */
public record DrillStatus(
    String replica,
    Instant at,
    @Nullable String problem,
    @Nullable DrillProof proof,
    @Nullable Instant staleAt) {

  /** What is not as it should be at a moment, as a sentence; null if all is well. */
  public @Nullable String problemAt(Instant now) {
    String proven =
        proof == null
            ? "it was never proven that it can be restored"
            : "it was proven last at " + proof.at() + ", through transaction " + proof.txId();
    if (problem != null) {
      return "the drill of replica "
          + replica
          + " at "
          + at
          + " failed: "
          + problem
          + "; "
          + proven;
    }
    if (staleAt != null && now.isAfter(staleAt)) {
      return "replica " + replica + " has not been drilled for too long; " + proven;
    }
    return null;
  }
}
