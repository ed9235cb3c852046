package dev.stream.core.timeline;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A replica and how it would be restored from.
 *
 * @param replica its name
 * @param archive where it is
 * @param listing what is there
 * @param plan what would be read
 * @param committedAt when its state was committed; null if it was not asked for
 * @param after the next state that could be restored instead; null if there is none
 */
public record RestoreOffer(
    String replica,
    ReplicaArchive archive,
    ArchiveListing listing,
    RestorePlan plan,
    @Nullable Instant committedAt,
    @Nullable ReachableState after) {
  private static final Comparator<RestoreOffer> OLDEST_FIRST =
      Comparator.comparing(RestoreOffer::generation).thenComparingLong(RestoreOffer::txId);

  /** The best first. */
  public static final Comparator<RestoreOffer> NEWEST_FIRST = OLDEST_FIRST.reversed();

  public GenerationId generation() {
    return plan.generation();
  }

  public long txId() {
    return plan.txId();
  }

  /** Whether it yields an earlier state than another one. */
  public boolean isOlderThan(RestoreOffer other) {
    return OLDEST_FIRST.compare(this, other) < 0;
  }

  /** The same state, or another one, made up from another listing. */
  RestoreOffer replanned(ArchiveListing newListing, RestorePlan newPlan) {
    boolean same = newPlan.generation().equals(generation()) && newPlan.txId() == plan.txId();
    return new RestoreOffer(
        replica, archive, newListing, newPlan, same ? committedAt : null, same ? after : null);
  }

  @Override
  public String toString() {
    return replica + " has " + new ReachableState(generation(), txId(), committedAt);
  }
}
