package dev.stream.cli.restore;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.option.DurationParser;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and how {@code stream restore} goes on after the restore. */
final class FollowOptions {

  @Option(
      names = "--follow",
      description =
          "Go on until SIGTERM or SIGINT, and keep PATH current. Other processes may read PATH"
              + " meanwhile, but not write it (SQLite). Prints 'ready' on standard error once PATH"
              + " is current. May be killed at any time, and goes on with PATH at the next start.")
  private boolean follow;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      description =
          "With --follow: how often to look for something new, such as 500ms; 1s if it is not"
              + " given. After a while without anything new it looks less often, but at least every"
              + " 10s.")
  private @Nullable String interval;

  /** Whether to follow. Refuses options that cannot be combined with it. */
  boolean wanted(boolean others) throws CommandFailure {
    if (follow && others) {
      throw CommandFailure.usage(
          "--follow keeps the newest state; it can be combined only with --config, --from,"
              + " --replica, --output, --force, --interval and --json");
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
    Duration every =
        interval == null ? Duration.ofSeconds(1) : DurationParser.parse("--interval", interval);
    if (every.toMillis() < 10) {
      throw CommandFailure.usage("--interval " + interval + " is too short; give at least 10ms");
    }
    return every;
  }
}
