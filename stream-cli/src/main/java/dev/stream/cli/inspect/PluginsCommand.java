package dev.stream.cli.inspect;

import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.output.CommandVersion;
import dev.stream.core.plugin.PluginInfo;
import dev.stream.core.plugin.PluginRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code stream plugins}. */
@Command(
    name = "plugins",
    description = {
      "Lists the replicas, codecs and databases that are installed: type, module, version, the"
          + " version of the plug-in interfaces (SPI) they were compiled against, and jar.",
      "",
      "More of them are added by putting their jars into the folder 'plugins' of the"
          + " distribution. Ends with 1 if one is broken."
    },
    footer = {"  stream plugins", "  stream plugins --json"})
public final class PluginsCommand extends ReportCommand {

  @Override
  protected int run() throws Exception {
    List<PluginInfo> plugins = PluginRegistry.discover().list();
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("version", CommandVersion.text());
      document.put("spiVersion", PluginRegistry.SPI_VERSION);
      document.put("plugins", plugins.stream().map(PluginsCommand::tree).toList());
      print(document);
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

  private static Map<String, @Nullable Object> tree(PluginInfo plugin) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("kind", kind(plugin));
    tree.put("type", plugin.name());
    tree.put("module", plugin.moduleName());
    tree.put("version", plugin.version());
    tree.put("spiVersion", plugin.spiVersion());
    tree.put("jar", plugin.location());
    tree.put("class", plugin.className());
    tree.put("problem", plugin.problem());
    return tree;
  }
}
