package dev.stream.core.schedule;

import dev.stream.core.chain.RestoreReading;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a further snapshot pays. A snapshot costs as much as the database is large, and saves a
 * restore what it would read since the last one; so it is due when that is a good part of a
 * snapshot. Immutable.
 *
 * <p>Since a snapshot goes only after half of its length in segments, snapshots never cost more
 * than twice what the segments cost, and a restore of the newest state reads not much more than one
 * and a half snapshots.
 *
 * @param shareOfSnapshot what part of the last snapshot may be read in segments
 * @param leastBytes what may be read in any case, so that a small database is not sent again and
 *     again to spare a restore next to nothing
 * @param bytesPerObject what one more object counts: a request takes its time, however short the
 *     object is
 * @param floor the least time between two snapshots
 * @param latest the most time between two snapshots, if there were commits: the longer the chain of
 *     segments, the more depends on each of them
 */
public record SnapshotRule(
    double shareOfSnapshot, long leastBytes, long bytesPerObject, Duration floor, Duration latest) {

  /** The rule where no interval is configured. */
  public static final SnapshotRule BY_COST =
      new SnapshotRule(0.5, 1 << 20, 16 << 10, Duration.ofMinutes(5), Duration.ofDays(7));

  /**
   * From when on the next snapshot is due, if nothing else is stored until then.
   *
   * @return the moment, which may have passed; null if there is nothing yet to spare, or no
   *     snapshot is known
   */
  public @Nullable Instant dueAt(RestoreReading reading, Instant now) {
    reading.clockShows(now);
    Instant last = reading.snapshotAt();
    if (last == null || reading.segments() == 0) {
      return null;
    }
    return last.plus(isWorthIt(reading) ? floor : latest);
  }

  private boolean isWorthIt(RestoreReading reading) {
    long share = (long) (shareOfSnapshot * reading.snapshotBytes());
    return reading.segmentBytes() + bytesPerObject * reading.segments()
        > Math.max(leastBytes, share);
  }
}
