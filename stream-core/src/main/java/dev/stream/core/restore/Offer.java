package dev.stream.core.restore;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.archive.ReplicaArchive;
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
record Offer(
    String replica,
    ReplicaArchive archive,
    ArchiveListing listing,
    RestorePlan plan,
    @Nullable Instant committedAt,
    @Nullable ReachableState after) {
  private static final Comparator<Offer> OLDEST_FIRST =
      Comparator.comparing(Offer::generation).thenComparingLong(Offer::txId);

  /** The best first. */
  static final Comparator<Offer> NEWEST_FIRST = OLDEST_FIRST.reversed();

  GenerationId generation() {
    return plan.generation();
  }

  long txId() {
    return plan.txId();
  }

  /** Whether it yields an earlier state than another one. */
  boolean isOlderThan(Offer other) {
    return OLDEST_FIRST.compare(this, other) < 0;
  }

  /** The same state, or another one, made up from another listing. */
  Offer replanned(ArchiveListing newListing, RestorePlan newPlan) {
    boolean same = newPlan.generation().equals(generation()) && newPlan.txId() == plan.txId();
    return new Offer(
        replica, archive, newListing, newPlan, same ? committedAt : null, same ? after : null);
  }

  @Override
  public String toString() {
    return replica + " has " + new ReachableState(generation(), txId(), committedAt);
  }
}
