package dev.stream.cli.operate;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.option.DurationParser;
import dev.stream.core.config.RetentionConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long replicas keep artefacts, in place of what a configuration says. */
final class RetentionOptions {

  @Option(
      names = "--retention",
      paramLabel = "DURATION",
      description =
          "The window in which the database stays restorable, such as 24h or 30d; instead of the"
              + " configuration's retention.snapshotRetention.")
  private @Nullable String window;

  @Option(
      names = "--segment-retention",
      paramLabel = "DURATIONS",
      split = ",",
      description =
          "How long segments of level 0, 1, 2 … stay after a segment of a higher level covers them,"
              + " such as 1h,24h,7d; instead of the configuration's retention.segmentRetention.")
  private @Nullable List<String> segments;

  /**
   * The policy that results.
   *
   * @param configured the policy of the configuration; null if there is none
   */
  RetentionConfig policy(@Nullable RetentionConfig configured) throws CommandFailure {
    String given = window;
    if (configured == null && given == null) {
      throw CommandFailure.usage(
          "--from has no configuration that says how long to keep what: give --retention, such as"
              + " --retention 30d");
    }
    RetentionConfig base = configured == null ? RetentionConfig.DEFAULTS : configured;
    List<String> stay = segments;
    List<Duration> durations = new ArrayList<>();
    if (stay == null) {
      durations.addAll(base.segmentRetention());
    } else {
      for (String one : stay) {
        durations.add(DurationParser.parse("--segment-retention", one));
      }
    }
    try {
      return new RetentionConfig(
          given == null ? base.snapshotRetention() : DurationParser.parse("--retention", given),
          base.checkInterval(),
          durations,
          base.snapshotInterval());
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(
          String.valueOf(e.getMessage())
              .replace("segmentRetention", "--segment-retention")
              .replace("snapshotRetention", "--retention"));
    }
  }
}
