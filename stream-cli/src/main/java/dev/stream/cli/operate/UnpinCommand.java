package dev.stream.cli.operate;

import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.state.PinDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stream unpin}. */
@Command(
    name = "unpin",
    description = {
      "Takes a name from a state on replicas. Retention then treats the state like any other.",
      "",
      "Deletes the pin and nothing else. It is no error if a replica has no such pin, but it is one"
          + " if no replica has it. Ends with 1 if a pin could not be removed."
    },
    footer = {
      "  stream unpin before-upgrade --config stream.json",
      "  stream unpin good --config stream.json --replica offsite"
    })
public final class UnpinCommand extends ReportCommand {

  @Parameters(index = "0", paramLabel = "NAME", description = "The pin's name.")
  private @Nullable String name;

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Override
  protected int run() throws Exception {
    String given = String.valueOf(name);
    int[] found = {0};
    int exit =
        PinReport.of(
            this,
            source.choose(PluginRegistry.discover()).replicas(),
            "removed ",
            pins -> {
              List<PinDescriptor> removed = pins.unpin(given);
              found[0] += removed.size();
              return removed;
            });
    if (exit == ExitCode.DONE && found[0] == 0) {
      err().println("stream: there is no pin \"" + given + "\"; 'stream pin --list' shows them");
      return ExitCode.FAILED;
    }
    return exit;
  }
}
