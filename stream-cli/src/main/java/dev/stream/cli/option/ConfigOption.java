package dev.stream.cli.option;

import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A configuration file that has to be given. */
public final class ConfigOption {

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration, a JSON file.")
  private @Nullable Path file;

  public StreamConfig read(PluginRegistry plugins) throws IOException {
    Path given = file;
    if (given == null) {
      throw new IllegalStateException("picocli requires the option");
    }
    return StreamConfig.read(given, plugins);
  }
}
