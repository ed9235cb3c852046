package dev.stream.cli;

import dev.stream.core.StreamController;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
          + " on is replicated. Other processes use the database meanwhile as ever. It may be"
          + " killed at any time; the next start goes on where it was, or begins a new generation"
          + " and says why.",
      "",
      "Ends with 0 if every replica has everything; with 1 if it could not begin, or if a replica"
          + " still lacked something after closeTimeout (30 s unless configured): what is missing"
          + " where is said, and the shadow directory keeps it for the next start.",
      "",
      "A database that is older than, or unrelated to, what a replica holds is refused: an empty"
          + " one must not take the place of a good one. What to choose from is said then.",
      "",
      "H2 databases are captured inside the application that writes them; for those it ends with 2"
          + " and says what to do there."
    },
    footer = {
      "  stream replicate --config stream.json",
      "  stream replicate app.db /backups",
      "      SQLite or bolt to a folder, without a configuration;",
      "      the shadow directory is app.db.stream",
      "  stream replicate app.db /backups --shadow /var/lib/stream/app"
    })
final class ReplicateCommand extends CliCommand {

  private static final long POLL_MILLIS = 1_000;

  /** What a file is taken for that is missing, empty, or known to nobody. */
  private static final String DEFAULT_TYPE = "sqlite";

  /** Longer than any deployment takes. */
  private static final Duration WAIT_ASKED = Duration.ofDays(36_500);

  /** A wrong path must show some day. */
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
          "Instead of a configuration: a SQLite database or a bolt file; which one, its first bytes tell.")
  private @Nullable Path database;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder to replicate DB to; made if it is missing.")
  private @Nullable Path folder;

  @Option(
      names = "--shadow",
      paramLabel = "DIR",
      description = "The shadow directory of DB; DB.stream beside it if not said.")
  private @Nullable Path shadow;

  @Option(
      names = "--wait",
      description =
          "If there is no database and nothing to restore, wait until the application has created"
              + " it; as \"waitForDatabase\" in the configuration. With restore.enabled it waits two"
              + " minutes unasked.")
  private boolean wait;

  @Mixin private NewGenerationOption newGeneration = new NewGenerationOption();

  @Override
  String logLevel() {
    return "info";
  }

  @Override
  int run() throws Exception {
    PluginRegistry plugins = PluginRegistry.discover();
    StreamConfig config = config(plugins);
    OutsideCapture.require(config, "replicate", "");
    StopSignal stop = StopSignal.install();
    StreamController controller =
        StreamController.builder()
            .config(config)
            .plugins(plugins)
            .acceptNewGeneration(newGeneration.accepted())
            .waitForDatabase(patience(config))
            .build();
    if (!start(controller, config, stop)) {
      return ExitCode.DONE;
    }
    err().println("ready");
    err().flush();
    SnapshotRequest requests = new SnapshotRequest(config.shadowDir());
    requests.discard();
    while (!stop.await(POLL_MILLIS)) {
      if (requests.take()) {
        controller.snapshotNow();
      }
    }
    Logger log = LoggerFactory.getLogger(ReplicateCommand.class);
    log.info(
        "stopping: sending what is left, for at most {}", Show.duration(config.closeTimeout()));
    List<String> left = controller.closeAndReport();
    if (left.isEmpty()) {
      log.info("stopped; every replica has everything");
      return ExitCode.DONE;
    }
    throw CommandFailure.failed(
        "stopped, but not everything could be sent: "
            + String.join("; ", left)
            + kept(config, controller.status().generation()));
  }

  /** What becomes of what could not be sent: the shadow directory has it, if it is still there. */
  private static String kept(StreamConfig config, @Nullable String generation) {
    Path shadow = config.shadowDir();
    return generation != null && Files.isDirectory(shadow.resolve(generation))
        ? ". Nothing is lost: " + shadow + " keeps it, and the next 'stream replicate' sends it"
        : ". "
            + shadow
            + " does not hold it: what no replica has is in the database alone, and the next"
            + " 'stream replicate' begins with a snapshot of that";
  }

  /** How long to wait for a database that the application is to create. */
  private Duration patience(StreamConfig config) {
    Boolean configured = config.waitForDatabase();
    if (wait || Boolean.TRUE.equals(configured)) {
      return WAIT_ASKED;
    }
    return configured == null && config.restore().enabled() ? WAIT_UNASKED : Duration.ZERO;
  }

  /** Whether capture has begun; not if a signal came while there was no database yet. */
  private static boolean start(StreamController controller, StreamConfig config, StopSignal stop)
      throws IOException, CommandFailure {
    stop.interrupts(Thread.currentThread());
    try {
      controller.start();
      return true;
    } catch (IOException | RuntimeException e) {
      DatabaseConfig waited = config.database();
      if (stop.received() && waited != null && isMissing(waited.path())) {
        LoggerFactory.getLogger(ReplicateCommand.class)
            .info("stopped before there was a database; nothing was begun");
        return false;
      }
      if (stop.received()) {
        throw CommandFailure.failed("stopped before capture began; nothing is lost");
      }
      DatabaseConfig database = config.database();
      if (database != null && !config.restore().enabled() && Files.notExists(database.path())) {
        throw CommandFailure.failed(
            ErrorReport.Errors.message(e)
                + ". To have Stream restore a missing database first, set"
                + " \"restore\": {\"enabled\": true}");
      }
      throw e;
    } finally {
      stop.interruptsNobody();
    }
  }

  private static boolean isMissing(Path database) throws IOException {
    return Files.notExists(database) || Files.size(database) == 0;
  }

  private StreamConfig config(PluginRegistry plugins) throws IOException, CommandFailure {
    if (configFile != null) {
      if (database != null || shadow != null) {
        throw CommandFailure.usage("either --config FILE or DB DIR, not both");
      }
      return StreamConfig.read(configFile, plugins);
    }
    if (database == null || folder == null) {
      throw CommandFailure.usage(
          "what to replicate? Say --config FILE, or DB DIR (see 'stream replicate --help')");
    }
    String type = plugins.databaseTypeOf(database);
    Path shadowDir =
        shadow != null ? shadow : database.resolveSibling(database.getFileName() + ".stream");
    return StreamConfig.builder()
        .plugins(plugins)
        .database(type == null ? DEFAULT_TYPE : type, Map.of("path", database))
        .shadowDir(shadowDir)
        .replica("file", Map.of("path", folder))
        .build();
  }
}
