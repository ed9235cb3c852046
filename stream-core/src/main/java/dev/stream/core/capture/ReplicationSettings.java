package dev.stream.core.capture;

import dev.stream.core.config.RetentionConfig;
import dev.stream.core.schedule.ScanPace;
import dev.stream.core.schedule.SnapshotBounds;
import dev.stream.core.schedule.SnapshotRule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What governs replication.
 *
 * @param syncInterval how long a commit may wait in the active log before its segment is sealed
 * @param snapshotInterval time between snapshots of a generation; null if they go by {@code
 *     snapshotRule}
 * @param snapshotRule when one pays
 * @param scan how fast the database is read back to prove what was captured
 * @param compactionLevels widths of the levels to which segments are merged, ascending
 * @param segmentLimit length of the active log at which it is sealed at once
 * @param shadowLimit length of logs and segments at which the backlog of a lagging replica is
 *     dropped
 * @param shadowSync whether a commit waits until it is on the disk
 * @param dataLossWindowThreshold lag above which there is a warning
 * @param retention what each replica keeps, and how often it is listed to see whether it has what
 *     it was given and what of it may go
 * @param closeTimeout longest wait for replicas on close
 * @param snapshots how snapshots get to the replicas
 */
public record ReplicationSettings(
    Duration syncInterval,
    @Nullable Duration snapshotInterval,
    SnapshotRule snapshotRule,
    ScanPace scan,
    List<Duration> compactionLevels,
    long segmentLimit,
    long shadowLimit,
    boolean shadowSync,
    Duration dataLossWindowThreshold,
    RetentionConfig retention,
    Duration closeTimeout,
    SnapshotBounds snapshots) {

  /** Below it nothing is gained by reading later. */
  private static final Duration SHORT_INTERVAL = Duration.ofMillis(50);

  /** So long at most a commit is in the database's own log alone. */
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);

  /**
   * For how long the source may put off what it has seen: a little less than the interval, so that
   * a segment that is due has all there is.
   */
  Duration deliveryDelay() {
    if (syncInterval.compareTo(SHORT_INTERVAL) < 0) {
      return Duration.ZERO;
    }
    return syncInterval.compareTo(LONGEST_DELAY) > 0
        ? LONGEST_DELAY
        : syncInterval.minus(syncInterval.dividedBy(50));
  }
}
