package dev.stream.cli.restore;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.option.StateOptions;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.RestoreTarget;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which state of the database is restored: also one that has a pin, or an older one. */
final class RestoreStateOptions {

  @Mixin private StateOptions state = new StateOptions();

  @Option(
      names = "--pin",
      paramLabel = "NAME",
      description = "The state that 'stream pin' gave this name.")
  private @Nullable String pin;

  @Option(
      names = "--accept-older",
      description =
          "If the newest state cannot be reached, the newest one that can be, of the same"
              + " generation; or of an older one, if the newest has no snapshot.")
  private boolean acceptOlder;

  /** What was asked for; times ago count from {@code now}. */
  RestoreTarget target(Instant now) throws CommandFailure {
    List<String> exact = state.exact();
    if (pin != null) {
      exact.add("--pin");
    }
    StateOptions.requireOne(exact);
    if (acceptOlder && !exact.isEmpty()) {
      throw CommandFailure.usage(
          exact.get(0) + " asks for one state exactly; leave out --accept-older");
    }
    if (pin == null) {
      return state.target(now, acceptOlder);
    }
    if (state.namesGeneration()) {
      throw CommandFailure.usage("a pin has its generation; leave out --generation");
    }
    if (!PinDescriptor.isName(pin)) {
      throw CommandFailure.usage(
          "--pin " + pin + ": a name is 1 to 63 letters, digits, '.', '_' and '-'");
    }
    return new RestoreTarget.Pin(pin);
  }
}
