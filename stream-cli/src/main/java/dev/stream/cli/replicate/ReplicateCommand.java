package dev.stream.cli.replicate;

import dev.stream.cli.command.CliCommand;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.option.NewGenerationOption;
import dev.stream.core.config.HttpConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.run.DatabaseWait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stream replicate}. */
@Command(
    name = "replicate",
    description = {
      "Replicates a database until SIGTERM or SIGINT; then sends what is left, and ends.",
      "",
      "Prints one line 'ready' on standard error when capture has begun: every commit from then"
          + " on is replicated. Other processes go on using the database as before. Stream may be"
          + " killed at any time; the next start goes on where it was, or begins a new generation"
          + " and says why.",
      "",
      "Ends with 0 if every replica has everything; with 1 if it could not begin, or if a replica"
          + " still lacked something after closeTimeout (30 s unless configured). It then says what"
          + " is missing where, and the shadow directory keeps it for the next start.",
      "",
      "A database that is older than, or unrelated to, what a replica holds is refused: an empty"
          + " one must not take the place of a good one. Stream then says what can be done.",
      "",
      "With a command (--exec, or behind --) Stream is the application's parent process. It passes"
          + " SIGTERM, SIGINT and SIGHUP on. When the command has ended, for whatever reason,"
          + " Stream sends what is left and ends with the exit code of the command, or with 1 if"
          + " that was 0 and a replica lacks something. A command that has not ended within"
          + " closeTimeout after the signal is killed.",
      "",
      "H2 databases are captured inside the application that writes them; for these it ends with 2"
          + " and says what to do in the application."
    },
    footer = {
      "  stream replicate --config stream.json",
      "  stream replicate app.db /backups",
      "      SQLite or bolt to a folder, without a configuration;",
      "      the shadow directory is app.db.stream",
      "  stream replicate app.db /backups --shadow /var/lib/stream/app",
      "  stream replicate app.db 's3://bucket/app?endpoint=minio.example.com'",
      "      to S3; the keys are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
      "  stream replicate --config stream.json --exec 'java -jar app.jar'",
      "  stream replicate --config stream.json -- java -jar app.jar",
      "      restores a missing database first (restore.enabled), then runs it"
    })
public final class ReplicateCommand extends CliCommand {

  /** The type of a file that is missing, empty, or that no plug-in recognizes. */
  private static final String DEFAULT_TYPE = "sqlite";

  /** How long to wait if waiting was not asked for: a wrong path must show in the end. */
  private static final Duration WAIT_UNASKED = Duration.ofMinutes(2);

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration, a JSON file.")
  private @Nullable Path configFile;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DB",
      description =
          "Instead of a configuration: a SQLite database or a bolt file. Its first bytes show which"
              + " of them it is.")
  private @Nullable Path database;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DIR|URL",
      description =
          "The folder to replicate DB to, made if it is missing; or the URL of a replica of any"
              + " type, such as s3://bucket/prefix.")
  private @Nullable String destination;

  @Option(
      names = "--shadow",
      paramLabel = "DIR",
      description = "The shadow directory of DB; DB.stream beside it if it is not given.")
  private @Nullable Path shadow;

  @Option(
      names = "--wait",
      description =
          "If there is no database and nothing to restore, wait until the application has created"
              + " it; the same as \"waitForDatabase\" in the configuration. With restore.enabled it"
              + " waits two minutes also without this option.")
  private boolean wait;

  @Option(
      names = "--exec",
      paramLabel = "CMD",
      description =
          "Run the application beside the replication. The shell reads CMD. It is started once"
              + " every commit is captured, or at once to create the database if there is none and"
              + " nothing to restore. Signals are passed on to it. When it has ended, Stream sends"
              + " what it wrote and ends with its exit code. The same as \"exec\" in the"
              + " configuration; 'replicate ... -- CMD ARG...' needs no shell.")
  private @Nullable String exec;

  @Option(
      names = "--http",
      paramLabel = "ADDR",
      description =
          "Show how it is going: a page for people at /, /metrics for Prometheus, /health/live,"
              + " /health/ready and /status. ADDR is a port, for this machine alone, or a host and"
              + " a port; whoever reaches it can read, and change nothing. The same as \"http\" in"
              + " the configuration.")
  private @Nullable String httpAddress;

  @Option(
      names = END_OF_OPTIONS,
      hidden = true,
      arity = "0..*",
      preprocessor = RestOfLinePreprocessor.class)
  private @Nullable List<String> words;

  @Mixin private NewGenerationOption newGeneration = new NewGenerationOption();

  @Override
  protected String logLevel() {
    return "info";
  }

  @Override
  protected int run() throws Exception {
    PluginRegistry plugins = PluginRegistry.discover();
    StreamConfig config = config(plugins);
    OutsideCaptureRequirement.require(config, "replicate", "");
    ExecutedCommand command = command(config);
    return new ReplicateRun(
            config,
            plugins,
            command,
            newGeneration.accepted(),
            patience(config, command),
            http(config),
            err())
        .run();
  }

  private @Nullable ExecutedCommand command(StreamConfig config) throws CommandFailure {
    List<String> given = words;
    if (exec != null && given != null) {
      throw CommandFailure.usage("give either --exec CMD or -- CMD ARG..., not both");
    }
    if (given != null && given.isEmpty()) {
      throw CommandFailure.usage("-- must be followed by a command");
    }
    if (given != null) {
      return ExecutedCommand.of(given, config.closeTimeout());
    }
    String line = exec != null ? exec : config.exec();
    if (line != null && line.isBlank()) {
      throw CommandFailure.usage("--exec must name a command");
    }
    return line == null ? null : ExecutedCommand.ofShell(line, config.closeTimeout());
  }

  private @Nullable HttpConfig http(StreamConfig config) throws CommandFailure {
    if (httpAddress == null) {
      return config.http();
    }
    HttpConfig configured = config.http();
    try {
      return new HttpConfig(httpAddress, configured == null ? List.of() : configured.hosts());
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--http: " + e.getMessage());
    }
  }

  /** How long to wait for a database that the application is to create. */
  private Duration patience(StreamConfig config, @Nullable ExecutedCommand command) {
    Boolean configured = config.waitForDatabase();
    if (wait || Boolean.TRUE.equals(configured) || command != null) {
      return DatabaseWait.UNLIMITED;
    }
    return configured == null && config.restore().enabled() ? WAIT_UNASKED : Duration.ZERO;
  }

  private StreamConfig config(PluginRegistry plugins) throws IOException, CommandFailure {
    if (configFile != null) {
      if (database != null || shadow != null) {
        throw CommandFailure.usage("give either --config FILE or DB and DIR, not both");
      }
      return StreamConfig.read(configFile, plugins);
    }
    if (database == null || destination == null) {
      throw CommandFailure.usage(
          "what to replicate? Say --config FILE, or DB and a folder or URL (see 'stream replicate"
              + " --help')");
    }
    String type = plugins.databaseTypeOf(database);
    Path shadowDir =
        shadow != null ? shadow : database.resolveSibling(database.getFileName() + ".stream");
    StreamConfigBuilder builder =
        StreamConfig.builder()
            .plugins(plugins)
            .database(type == null ? DEFAULT_TYPE : type, Map.of("path", database))
            .shadowDir(shadowDir);
    if (ReplicaConfig.isUrl(destination)) {
      builder.replica(ReplicaConfig.ofUrl(destination, plugins, System.getenv()));
    } else {
      builder.replica("file", Map.of("path", destination));
    }
    return builder.build();
  }
}
