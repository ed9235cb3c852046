package dev.stream.core.schedule;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a replica is worth a listing, which costs a request for each thousand of its objects.
 *
 * <p>Before something is stored it is listed if another may have written meanwhile. Beyond that,
 * only what was stored makes anything due: ages are counted up to the newest object. So a replica
 * at rest is listed once after the last store, and then once a day, lest it was emptied or another
 * writes there. For use by one thread at a time.
 */
public final class ListingRule {

  /** After a longer silence it is listed before anything is stored. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** And now and then while it is being written. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  /** At the latest, also if nothing ever becomes due. */
  private static final Duration SAFETY = Duration.ofDays(1);

  private boolean stored = true;
  private boolean settled;
  private boolean refused;
  private @Nullable Instant listedAt;

  /**
   * Whether another may have written since, so that a listing comes before the next store.
   *
   * @param sinceHeard how long ago the replica was last listed, or took something
   * @param sinceListed how long ago it was last listed
   */
  public static boolean isDueBeforeStoring(Duration sinceHeard, Duration sinceListed) {
    return sinceHeard.compareTo(PAUSE) > 0 || sinceListed.compareTo(LOOK) > 0;
  }

  /** Something was stored. */
  public void stored() {
    stored = true;
  }

  /** It was listed, for whatever reason. */
  public void listed(Instant now) {
    listedAt = now;
  }

  /**
   * What retention makes of the listing since the last check is done.
   *
   * @param deleted whether everything went that was to go; if not, the next check is left out, so
   *     that a store which refuses deletions is not asked more often than one that takes them
   * @param nothingMore whether nothing becomes due by the passing of time alone
   */
  public void planned(boolean deleted, boolean nothingMore) {
    refused = !deleted;
    settled = deleted && nothingMore;
  }

  /** Whether it is worth a listing at a regular check; if so, the plan that follows is awaited. */
  public boolean isDueAtCheck(Instant now) {
    Instant listed = listedAt;
    boolean longAgo =
        listed == null
            || now.isBefore(listed) // the clock was set back: nobody knows how long ago it was
            || !now.isBefore(listed.plus(SAFETY));
    boolean due = stored || longAgo || (!settled && !refused);
    refused = false;
    if (due) {
      stored = false;
      settled = false;
    }
    return due;
  }
}
