package dev.stream.cli.option;

import dev.stream.cli.command.CommandFailure;
import dev.stream.core.state.RestoreTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which state of the database is meant: at a moment, after a transaction, or the newest one. */
public final class StateOptions {

  @Option(
      names = "--timestamp",
      paramLabel = "TIME",
      description = {
        "The state at this moment: the last commit seen by then that can be restored.",
        MomentParser.FORMS
            + " Name the minute before the mistake; 'stream list --at' shows what is there."
      })
  private @Nullable String timestamp;

  @Option(
      names = "--tx",
      paramLabel = "N",
      description = "The state right after transaction N ('stream list' shows which there are).")
  private @Nullable Long txId;

  @Option(
      names = "--generation",
      paramLabel = "ID",
      description =
          "A state of this generation. Without it, the newest generation that has such a state is"
              + " taken.")
  private @Nullable String generation;

  /** The options that name one state exactly, of those that were given. */
  public List<String> exact() {
    List<String> exact = new ArrayList<>();
    if (timestamp != null) {
      exact.add("--timestamp");
    }
    if (txId != null) {
      exact.add("--tx");
    }
    return exact;
  }

  /** Whether a generation was given. */
  public boolean namesGeneration() {
    return generation != null;
  }

  /**
   * What was asked for.
   *
   * @param now where times ago count from
   * @param acceptOlder whether the newest state may be replaced by an older one that can be reached
   */
  public RestoreTarget target(Instant now, boolean acceptOlder) throws CommandFailure {
    requireOne(exact());
    var wanted = GenerationOption.parse(generation);
    if (timestamp != null) {
      return new RestoreTarget.Moment(wanted, MomentParser.parse("--timestamp", timestamp, now));
    }
    if (txId == null) {
      return new RestoreTarget.Newest(wanted, acceptOlder);
    }
    if (txId < 0) {
      throw CommandFailure.usage("--tx " + txId + ": transactions count from 0");
    }
    return new RestoreTarget.Transaction(wanted, txId);
  }

  /** Refuses several options of which each names one state. */
  public static void requireOne(List<String> exact) throws CommandFailure {
    if (exact.size() > 1) {
      throw CommandFailure.usage(
          String.join(" and ", exact) + " each name a state; leave out all but one");
    }
  }
}
