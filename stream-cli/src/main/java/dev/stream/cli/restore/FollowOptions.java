package dev.stream.cli.restore;

import dev.stream.cli.command.CommandFailure;
import dev.stream.core.config.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and how {@code stream restore} goes on after the restore. */
final class FollowOptions {

  @Option(
      names = "--follow",
      description =
          "Go on until SIGTERM or SIGINT, and keep PATH current: a copy that other processes may"
              + " read meanwhile, but not write (SQLite). Prints 'ready' on standard error when it"
              + " is. May be killed at any time, and goes on with PATH at the next start.")
  private boolean follow;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      description =
          "With --follow: how often to look for something new, such as 500ms; 1s if not"
              + " said. After a while without anything new it looks less often, at most every 10s.")
  private @Nullable String interval;

  /** Whether to follow; refuses options that do not go along with what is asked for. */
  boolean wanted(boolean others) throws CommandFailure {
    if (follow && others) {
      throw CommandFailure.usage(
          "--follow keeps the newest state; of the other options only --config, --from, --replica,"
              + " --output, --force, --interval and --json go along with it");
    }
    if (!follow && interval != null) {
      throw CommandFailure.usage("--interval is for --follow");
    }
    return follow;
  }

  boolean follow() {
    return follow;
  }

  Duration interval() throws CommandFailure {
    try {
      Duration parsed = interval == null ? Duration.ofSeconds(1) : Durations.parse(interval);
      if (parsed.toMillis() < 10) {
        throw new IllegalArgumentException("is too short; give it 10ms at least");
      }
      return parsed;
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--interval " + interval + " " + e.getMessage());
    }
  }
}
