package dev.stream.cli.inspect;

import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.output.CommandVersion;
import dev.stream.cli.output.JsonObject;
import dev.stream.core.plugin.PluginInfo;
import dev.stream.core.plugin.PluginRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;

/** {@code stream plugins}. */
@Command(
    name = "plugins",
    description = {
      "Lists the replicas, codecs and databases that are installed: type, module, version, the"
          + " version of the plug-in interfaces (SPI) they were compiled against, and jar.",
      "",
      "To add one, put its jar into the folder 'plugins' of the distribution. Ends with 1 if one is"
          + " broken."
    },
    footer = {"  stream plugins", "  stream plugins --json"})
public final class PluginsCommand extends ReportCommand {

  @Override
  protected int run() throws Exception {
    List<PluginInfo> plugins = PluginRegistry.discover().list();
    if (json) {
      print(
          new JsonObject()
              .with("version", CommandVersion.text())
              .with("spiVersion", PluginRegistry.SPI_VERSION)
              .with("plugins", plugins.stream().map(PluginsCommand::tree).toList()));
    } else {
      plugins.forEach(this::show);
      out()
          .println("stream " + CommandVersion.text() + " speaks SPI " + PluginRegistry.SPI_VERSION);
    }
    return plugins.stream().anyMatch(PluginInfo::broken) ? ExitCode.FAILED : ExitCode.DONE;
  }

  private void show(PluginInfo plugin) {
    out()
        .printf(
            "%-8s  %-10s  %-28s  %-14s  %-6s  %s%n",
            kind(plugin),
            Objects.requireNonNullElse(plugin.name(), "?"),
            Objects.requireNonNullElse(plugin.moduleName(), "(class path)"),
            Objects.requireNonNullElse(plugin.version(), "?"),
            "SPI " + Objects.requireNonNullElse(plugin.spiVersion(), "?"),
            Objects.requireNonNullElse(plugin.location(), "?"));
    if (plugin.problem() != null) {
      out().println("          BROKEN: " + plugin.problem());
    }
  }

  private static String kind(PluginInfo plugin) {
    return plugin.kind().name().toLowerCase(Locale.ROOT);
  }

  private static JsonObject tree(PluginInfo plugin) {
    return new JsonObject()
        .with("kind", kind(plugin))
        .with("type", plugin.name())
        .with("module", plugin.moduleName())
        .with("version", plugin.version())
        .with("spiVersion", plugin.spiVersion())
        .with("jar", plugin.location())
        .with("class", plugin.className())
        .with("problem", plugin.problem());
  }
}
