package dev.stream.core.schedule;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a replica is worth a look: one small object tells with one read whether another writer has
 * begun a generation there; a listing costs a request for each thousand objects.
 *
 * <p>Before something is stored it is looked at if another may have written meanwhile. Beyond that,
 * only what was stored makes anything due: ages are counted up to the newest object. So a replica
 * at rest is listed once after the last store, and then once a day, lest it was emptied or another
 * writes there. For use by one thread at a time.
 */
public final class ListingRule {

  /** What is to be done before something is stored. */
  public enum Look {
    /** Nothing: it was looked at just now. */
    NONE,
    /** The small object is read that tells who writes there. */
    LINE,
    /** Everything is listed. */
    WHOLE
  }

  /** After a longer silence it is looked at before anything is stored. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /**
   * And each second while it is being written: so whoever is not the last one to have begun a
   * generation hears of it with the next segment. A little less, since seconds are not exact.
   */
  private static final Duration LOOK = Duration.ofMillis(900);

  /**
   * And listed while it is being written, if no check has: that finds a writer of an early version,
   * which leaves the small object as it is, and what somebody has deleted.
   */
  private static final Duration WHOLE = Duration.ofHours(2);

  /** At the latest, also if nothing ever becomes due. */
  private static final Duration SAFETY = Duration.ofDays(1);

  private boolean stored = true;
  private boolean settled;
  private boolean refused;
  private @Nullable Instant listedAt;

  /**
   * How a replica is looked at before the next store, since another may have written there.
   *
   * @param sinceHeard how long ago the replica was last looked at in any way, or took something
   * @param sinceLooked how long ago it was last looked at in any way
   * @param sinceListed how long ago it was last listed
   */
  public static Look beforeStoring(
      Duration sinceHeard, Duration sinceLooked, Duration sinceListed) {
    if (sinceListed.compareTo(WHOLE) > 0) {
      return Look.WHOLE;
    }
    boolean due = sinceHeard.compareTo(PAUSE) > 0 || sinceLooked.compareTo(LOOK) > 0;
    return due ? Look.LINE : Look.NONE;
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
