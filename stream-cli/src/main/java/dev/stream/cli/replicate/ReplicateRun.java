package dev.stream.cli.replicate;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.http.ReplicationView;
import dev.stream.cli.http.StatusServer;
import dev.stream.cli.output.LogSettings;
import dev.stream.cli.output.ValueFormat;
import dev.stream.cli.process.StopSignal;
import dev.stream.core.StreamController;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.HttpConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.run.DatabaseWait;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of {@code stream replicate}, from the start to the exit code. For use once. */
final class ReplicateRun {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicateRun.class);

  private final StreamConfig config;
  private final @Nullable ExecutedCommand command;
  private final PrintWriter err;
  private final StreamController controller;
  private final StopSignal stop = StopSignal.install();
  private final @Nullable HttpConfig http;
  private @Nullable ReplicationView view;
  private volatile @Nullable CommandFailure notStarted;

  /**
   * A run.
   *
   * @param command what to run beside the replication; null for nothing
   * @param acceptNewGeneration whether the database may be another one than the one that the
   *     replicas hold
   * @param patience how long to wait for a database that does not exist
   * @param http where to show how it is going; null for nowhere
   * @param err where {@code ready} is printed
   */
  ReplicateRun(
      StreamConfig config,
      PluginRegistry plugins,
      @Nullable ExecutedCommand command,
      boolean acceptNewGeneration,
      Duration patience,
      @Nullable HttpConfig http,
      PrintWriter err) {
    this.config = config;
    this.http = http;
    this.command = command;
    this.err = err;
    this.controller =
        StreamController.builder()
            .config(config)
            .plugins(plugins)
            .acceptNewGeneration(acceptNewGeneration)
            .waitForDatabase(patience)
            .listener(this::heard)
            .build();
  }

  /** Starts the command where there is no database yet, so that the command creates it. */
  private void heard(StreamEvent event) {
    if (view != null) {
      view.heard(event);
    }
    if (event instanceof StreamEvent.WaitingForDatabase) {
      try {
        startCommand();
      } catch (CommandFailure e) {
        notStarted = e;
        stop.abandon();
      }
    }
  }

  /** Replicates until it is stopped; returns the exit code. */
  int run() throws IOException, InterruptedException, CommandFailure {
    if (http == null) { // of what answers, no class is loaded then
      return replicateBeside();
    }
    ReplicationView shown = new ReplicationView(config, controller);
    view = shown;
    try (StatusServer server = StatusServer.open(http, shown)) {
      LOG.info("status page, metrics and health at {}/", server.url());
      return replicateBeside();
    }
  }

  private int replicateBeside() throws IOException, InterruptedException, CommandFailure {
    if (command != null) {
      stop.passTo(command);
    }
    try {
      if (!start()) {
        return command == null || !command.isStarted() ? ExitCode.DONE : command.exitCode();
      }
      if (view != null) {
        view.started();
      }
      LogSettings.tell(err, "ready");
      return replicate();
    } finally {
      if (command != null) {
        command.end(); // What it wrote now would not be replicated if Stream could not begin.
      }
    }
  }

  private int replicate() throws InterruptedException, CommandFailure {
    CommandFailure failure = null;
    try {
      startCommand();
      awaitStop();
    } catch (CommandFailure e) {
      failure = e;
    }
    List<String> left = drain();
    if (failure != null) {
      throw failure;
    }
    int exit = command == null ? ExitCode.DONE : command.exitCode();
    if (left.isEmpty()) {
      LOG.info("stopped; every replica has everything");
      return exit;
    }
    String lacking =
        "stopped, but not everything could be sent: "
            + String.join("; ", left)
            + kept(controller.status().generation());
    if (exit == ExitCode.DONE) {
      throw CommandFailure.failed(lacking);
    }
    LOG.error("{}", lacking);
    return exit;
  }

  private void startCommand() throws CommandFailure {
    ExecutedCommand beside = command;
    if (beside != null && !beside.isStarted()) {
      beside.start(this::commandEnded);
    }
  }

  /** What the command has written is sent also if capture was only about to begin. */
  private void commandEnded() {
    DatabaseConfig database = config.database();
    if (database != null && isMissing(database.path())) {
      stop.abandon();
    } else {
      stop.request();
    }
  }

  private void awaitStop() throws InterruptedException {
    SnapshotRequest requests = new SnapshotRequest(config.shadowDir());
    requests.discard();
    SyncRequests syncs = new SyncRequests(config.shadowDir(), controller);
    syncs.discardAnswers();
    Runnable look =
        () -> {
          syncs.serve();
          if (requests.take()) {
            controller.snapshotNow();
          }
        };
    RequestWatch watch = RequestWatch.begin(config.shadowDir(), look);
    try {
      stop.await();
    } finally {
      watch.end();
    }
  }

  private List<String> drain() {
    LOG.info(
        "stopping: sending what is left, for at most {}",
        ValueFormat.duration(config.closeTimeout()));
    if (view != null) {
      view.stopping();
    }
    return controller.closeAndReport();
  }

  /**
   * Where the commits are that could not be sent: in the shadow directory, if that still holds the
   * generation.
   */
  private String kept(@Nullable String generation) {
    Path shadow = config.shadowDir();
    return generation != null && Files.isDirectory(shadow.resolve(generation))
        ? ". Nothing is lost: " + shadow + " keeps it, and the next 'stream replicate' sends it"
        : ". "
            + shadow
            + " does not hold it: the commits that no replica has are in the database alone, and"
            + " the next"
            + " 'stream replicate' begins with a snapshot of that";
  }

  /** Starts capture; returns false if it was stopped while there was no database yet. */
  private boolean start() throws IOException, CommandFailure {
    stop.interrupts(Thread.currentThread());
    try {
      controller.start();
      return true;
    } catch (IOException | RuntimeException e) {
      CommandFailure unstarted = notStarted;
      if (unstarted != null) {
        throw unstarted;
      }
      DatabaseConfig database = config.database();
      if (stop.hasInterrupted() && database != null && isMissing(database.path())) {
        LOG.info("stopped before there was a database; nothing was begun");
        return false;
      }
      if (stop.hasInterrupted()) {
        throw CommandFailure.failed("stopped before capture began; nothing is lost");
      }
      if (database != null && !config.restore().enabled() && Files.notExists(database.path())) {
        throw CommandFailure.failed(
            ErrorMessage.of(e)
                + ". To have Stream restore a missing database first, set"
                + " \"restore\": {\"enabled\": true}");
      }
      throw e;
    } finally {
      stop.interruptsNobody();
    }
  }

  private static boolean isMissing(Path database) {
    try {
      return !DatabaseWait.isCreated(database);
    } catch (IOException e) {
      return false; // Whoever opens the file reports the failure.
    }
  }
}
