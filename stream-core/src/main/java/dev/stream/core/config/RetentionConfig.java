package dev.stream.core.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long replicas keep what a restore may need.
 *
 * @param snapshotRetention the window in which the database can be restored
 * @param checkInterval how often what has become superfluous is looked for and deleted
 * @param segmentRetention how long segments of level 0, 1, 2, … stay after a wider one covers them,
 *     and so how fine the window is at which age; those of further levels, and those that no wider
 *     one covers, stay as long as the window
 * @param snapshotInterval how far apart snapshots are kept that are no longer new: one for each
 *     such time; null if that is not said: then a 24th of the window
 */
public record RetentionConfig(
    Duration snapshotRetention,
    Duration checkInterval,
    List<Duration> segmentRetention,
    @Nullable Duration snapshotInterval) {

  /** A day, checked every hour; segments as captured for an hour, then for a day, then a week. */
  public static final RetentionConfig DEFAULTS =
      new RetentionConfig(
          Duration.ofHours(24),
          Duration.ofHours(1),
          List.of(Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(7)));

  private static final int MOST_LEVELS = 16;

  /** All must be longer than zero; wider segments must not stay for less time than narrower. */
  public RetentionConfig {
    Durations.requirePositive("snapshotRetention", snapshotRetention);
    Durations.requirePositive("checkInterval", checkInterval);
    segmentRetention = List.copyOf(segmentRetention);
    if (segmentRetention.isEmpty() || segmentRetention.size() > MOST_LEVELS) {
      throw new IllegalArgumentException(
          "segmentRetention must have 1 to "
              + MOST_LEVELS
              + " durations, for segments as captured and for each level of wider ones");
    }
    for (int i = 0; i < segmentRetention.size(); i++) {
      Durations.requirePositive("segmentRetention", segmentRetention.get(i));
      if (i > 0 && segmentRetention.get(i).compareTo(segmentRetention.get(i - 1)) < 0) {
        throw new IllegalArgumentException(
            "segmentRetention must not fall: wider segments stay at least as long as narrower ones");
      }
    }
    if (snapshotInterval != null) {
      Durations.requirePositive("snapshotInterval", snapshotInterval);
    }
  }

  /** With the default for segments and for snapshots. */
  public RetentionConfig(Duration snapshotRetention, Duration checkInterval) {
    this(snapshotRetention, checkInterval, DEFAULTS.segmentRetention());
  }

  /** With the default for snapshots. */
  public RetentionConfig(
      Duration snapshotRetention, Duration checkInterval, List<Duration> segmentRetention) {
    this(snapshotRetention, checkInterval, segmentRetention, null);
  }
}
