package dev.stream.cli.option;

import dev.stream.cli.command.CommandFailure;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which replicas to read: those of a configuration, or the one in a folder or at a URL. */
public final class ReplicaOptions {

  @ArgGroup(multiplicity = "1")
  private @Nullable Origin origin;

  @Option(
      names = "--replica",
      paramLabel = "NAME",
      description = "Only this one of the configuration's replicas.")
  private @Nullable String name;

  /** Either a configuration, or a folder or URL. */
  static final class Origin {

    @Option(
        names = {"-c", "--config"},
        required = true,
        paramLabel = "FILE",
        description = "The replicas of this configuration.")
    private @Nullable Path config;

    @Option(
        names = "--from",
        required = true,
        paramLabel = "DIR|URL",
        description =
            "The replica in this folder, or at this URL, such as s3://bucket/prefix; needs no"
                + " configuration. A shadow directory will do, too.")
    private @Nullable String from;
  }

  /**
   * The replicas that were asked for.
   *
   * @param config the configuration; null for a folder or URL
   * @param replicas at least one
   */
  public record Chosen(@Nullable StreamConfig config, List<ReplicaConfig> replicas) {}

  /** The name that was given with {@code --replica}; null if none was. */
  public @Nullable String only() {
    return name;
  }

  public Chosen choose(PluginRegistry plugins) throws IOException, CommandFailure {
    Origin given = origin;
    if (given == null) {
      throw new IllegalStateException("picocli requires one of them");
    }
    if (given.config != null) {
      StreamConfig config = StreamConfig.read(given.config, plugins);
      return new Chosen(config, name == null ? config.replicas() : List.of(config.replica(name)));
    }
    String from = given.from;
    if (from == null || name != null) {
      throw CommandFailure.usage("--replica chooses among those of --config; --from has just one");
    }
    if (ReplicaConfig.isUrl(from)) {
      return new Chosen(null, List.of(ReplicaConfig.ofUrl(from, plugins, System.getenv())));
    }
    Path folder = Path.of(from);
    if (!Files.isDirectory(folder)) {
      throw CommandFailure.usage(
          "there is no folder "
              + folder
              + "; --from names the folder of a file replica, or a URL such as s3://bucket/prefix");
    }
    StreamConfig config =
        StreamConfig.builder()
            .plugins(plugins)
            .shadowDir(folder) // Only needed for a complete configuration; nobody opens it.
            .compression("none")
            .replica("file", Map.of("path", folder))
            .build();
    return new Chosen(null, config.replicas());
  }
}
