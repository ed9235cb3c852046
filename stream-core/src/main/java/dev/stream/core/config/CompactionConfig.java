package dev.stream.core.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How segments are merged into wider ones, so that a month of them stays cheap to keep and quick to
 * restore.
 *
 * @param levels the widths of the levels above the captured one, ascending: what was captured
 *     within such a time becomes one segment; empty for no merging
 */
public record CompactionConfig(List<Duration> levels) {

  /**
   * Half a minute, five minutes, an hour, a day: so a restore reads a few dozen objects, also when
   * the last snapshot was taken days ago.
   */
  public static final CompactionConfig DEFAULTS =
      new CompactionConfig(
          List.of(
              Duration.ofSeconds(30),
              Duration.ofMinutes(5),
              Duration.ofHours(1),
              Duration.ofDays(1)));

  /** No merging: segments stay as they were captured. */
  public static final CompactionConfig NONE = new CompactionConfig(List.of());

  private static final int MOST_LEVELS = 8;

  /**
   * Validates and copies the list.
   *
   * @throws IllegalArgumentException with a message that starts with the key
   */
  public CompactionConfig {
    levels = List.copyOf(levels);
    if (levels.size() > MOST_LEVELS) {
      throw new IllegalArgumentException("levels may be at most " + MOST_LEVELS);
    }
    for (int i = 0; i < levels.size(); i++) {
      Durations.requirePositive("levels", levels.get(i));
      if (i > 0 && levels.get(i).compareTo(levels.get(i - 1)) <= 0) {
        throw new IllegalArgumentException("levels must ascend, each longer than the one before");
      }
    }
  }

  /**
   * The default beside other settings.
   *
   * @param snapshotInterval the configured one; with one, nothing is as wide as a day, for there is
   *     a snapshot to begin with long before
   */
  static CompactionConfig defaults(Duration syncInterval, @Nullable Duration snapshotInterval) {
    List<Duration> levels = DEFAULTS.levels();
    return new CompactionConfig(
            snapshotInterval == null ? levels : levels.subList(0, levels.size() - 1))
        .above(syncInterval);
  }

  /** These levels, but for those that are no longer than a segment. */
  CompactionConfig above(Duration syncInterval) {
    return new CompactionConfig(
        levels.stream().filter(level -> level.compareTo(syncInterval) > 0).toList());
  }
}
