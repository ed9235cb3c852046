package dev.stream.core.config;

import java.time.Duration;

/**
 * How long replicas keep what a restore may need.
 *
 * @param snapshotRetention the window in which every transaction can be restored
 * @param checkInterval how often older artefacts are looked for
 */
public record RetentionConfig(Duration snapshotRetention, Duration checkInterval) {

  /** A day, checked every hour. */
  public static final RetentionConfig DEFAULTS =
      new RetentionConfig(Duration.ofHours(24), Duration.ofHours(1));

  /** Both must be longer than zero. */
  public RetentionConfig {
    Durations.requirePositive("snapshotRetention", snapshotRetention);
    Durations.requirePositive("checkInterval", checkInterval);
  }
}
