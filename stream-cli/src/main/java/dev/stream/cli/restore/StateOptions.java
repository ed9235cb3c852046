package dev.stream.cli.restore;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.option.GenerationOption;
import dev.stream.cli.option.MomentParser;
import dev.stream.core.archive.PinDescriptor;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.RestoreTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which state of the database is wanted. */
final class StateOptions {

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
      names = "--pin",
      paramLabel = "NAME",
      description = "The state that 'stream pin' gave this name.")
  private @Nullable String pin;

  @Option(
      names = "--generation",
      paramLabel = "ID",
      description = "Of this generation; the newest that can if not said.")
  private @Nullable String generation;

  @Option(
      names = "--accept-older",
      description =
          "If the newest state cannot be reached, the newest that can, of the same generation; or"
              + " of an older one, if the newest has no snapshot.")
  private boolean acceptOlder;

  /** What was asked for; times ago count from {@code now}. */
  RestoreTarget target(Instant now) throws CommandFailure {
    List<String> exact = new ArrayList<>();
    if (timestamp != null) {
      exact.add("--timestamp");
    }
    if (txId != null) {
      exact.add("--tx");
    }
    if (pin != null) {
      exact.add("--pin");
    }
    if (exact.size() > 1) {
      throw CommandFailure.usage(
          String.join(" and ", exact) + " each name a state; leave out all but one");
    }
    if (acceptOlder && !exact.isEmpty()) {
      throw CommandFailure.usage(
          exact.get(0) + " asks for one state exactly; leave out --accept-older");
    }
    if (pin != null && generation != null) {
      throw CommandFailure.usage("a pin has its generation; leave out --generation");
    }
    GenerationId wanted = GenerationOption.parse(generation);
    if (timestamp != null) {
      return new RestoreTarget.Moment(wanted, MomentParser.parse("--timestamp", timestamp, now));
    }
    if (pin != null) {
      if (!PinDescriptor.isName(pin)) {
        throw CommandFailure.usage(
            "--pin " + pin + ": a name is 1 to 63 letters, digits, '.', '_' and '-'");
      }
      return new RestoreTarget.Pin(pin);
    }
    if (txId == null) {
      return new RestoreTarget.Newest(wanted, acceptOlder);
    }
    if (txId < 0) {
      throw CommandFailure.usage("--tx " + txId + ": transactions count from 0");
    }
    return new RestoreTarget.Transaction(wanted, txId);
  }
}
