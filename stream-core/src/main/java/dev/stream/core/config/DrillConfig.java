package dev.stream.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often each replica is restored to a scratch copy, to know that it can be.
 *
 * @param interval time from the end of one drill of a replica to the next
 * @param fullInterval how often a drill fetches everything; in between, one fetches only what the
 *     copy of the last drill lacks, and that copy is kept for it. Not longer than {@code interval}
 *     for everything each time
 * @param scratchDir folder of the copies; null if that is not said: then the shadow directory's
 *     path with {@code .drill} behind it
 * @param assertions questions to the restored database, such as SQL queries, whose first value has
 *     to be true, or a number other than zero
 */
public record DrillConfig(
    Duration interval,
    Duration fullInterval,
    @Nullable Path scratchDir,
    @Key("assert") List<String> assertions) {

  /** Every day, everything once a week, and no assertions. */
  public static final DrillConfig DEFAULTS =
      new DrillConfig(Duration.ofHours(24), Duration.ofDays(7), null, List.of());

  private static final int STALE_INTERVALS = 2;

  /** Validates. */
  public DrillConfig {
    Durations.requirePositive("interval", interval);
    Durations.requirePositive("fullInterval", fullInterval);
    assertions = List.copyOf(assertions);
    if (assertions.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("assert has one that is blank; leave it out");
    }
  }

  /** Whether the copies of one drill are of use to the next. */
  public boolean keepsCopies() {
    return fullInterval.compareTo(interval) > 0;
  }

  /** How long a proof is good for: two intervals. */
  public Duration staleAfter() {
    return interval.multipliedBy(STALE_INTERVALS);
  }

  /** The folder of the copies. */
  public Path scratchDir(Path shadowDir) {
    return scratchDir != null
        ? scratchDir
        : shadowDir.resolveSibling(shadowDir.getFileName() + ".drill");
  }
}
