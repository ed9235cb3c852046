package dev.stream.cli.operate;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.option.StateOptions;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.RestoreTarget;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stream pin}. */
@Command(
    name = "pin",
    description = {
      "Gives a state on replicas a name and keeps it: whatever retention deletes, a pinned state"
          + " can be restored until 'stream unpin'.",
      "",
      "The state is the newest one of each replica that can be restored, or the one that --tx or"
          + " --timestamp names. With --list it shows all pins. A name that a replica already has"
          + " for another state is refused. Ends with 1 if a replica did not take the pin; the"
          + " other replicas have it then."
    },
    footer = {
      "  stream pin before-upgrade --config stream.json",
      "  stream pin good --config stream.json --replica offsite --tx 4711",
      "  stream pin before-the-mistake --config stream.json --timestamp -10m",
      "  stream pin --list --from /backups",
      "  stream restore -o old.db --config stream.json --pin before-upgrade"
    })
public final class PinCommand extends ReportCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "1 to 63 letters, digits, '.', '_', '-'; a letter or digit first.")
  private @Nullable String name;

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Mixin private StateOptions state = new StateOptions();

  @Option(names = "--list", description = "Pin nothing; show the pins.")
  private boolean list;

  @Override
  protected int run() throws Exception {
    String given = name;
    boolean wanted = state.namesGeneration() || !state.exact().isEmpty();
    if (list ? given != null || wanted : given == null) {
      throw CommandFailure.usage(
          list
              ? "--list shows all pins; it takes no name and no state"
              : "give the pin a NAME, or --list to see those there are");
    }
    if (given != null && !PinDescriptor.isName(given)) {
      throw CommandFailure.usage(
          "\""
              + given
              + "\" cannot be a pin's name: 1 to 63 letters, digits, '.', '_' and '-', a"
              + " letter or digit first");
    }
    RestoreTarget target = state.target(Instant.now(), true);
    return PinReport.of(
        this,
        source.choose(PluginRegistry.discover()).replicas(),
        "",
        pins -> given == null ? pins.all() : List.of(pins.pin(given, target)));
  }
}
