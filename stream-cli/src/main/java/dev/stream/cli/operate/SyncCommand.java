package dev.stream.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ConfigOption;
import dev.stream.cli.option.NewGenerationOption;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.ValueFormat;
import dev.stream.cli.replicate.OutsideCaptureRequirement;
import dev.stream.cli.replicate.SyncRequest;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.run.RunningStream;
import dev.stream.core.run.RunningStream.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream sync}. */
@Command(
    name = "sync",
    description = {
      "Sends every commit until now to the replicas, without waiting for the next syncInterval.",
      "",
      "With --wait it ends with 0 once they can be restored from there: for the moment before a"
          + " deployment, or before a machine goes. If a replica still lacks something when the"
          + " time is up it ends with 1 and says which lacks what; Stream keeps trying.",
      "",
      "If 'stream replicate' runs with this configuration, it is asked. If it does not run, this"
          + " command captures the database itself, sends everything, waits for it, and ends. An"
          + " application that embeds Stream cannot be asked; it calls StreamController.sync()."
    },
    footer = {
      "  stream sync --config stream.json --wait",
      "  stream sync --config stream.json --wait --timeout 300 --replica offsite",
      "  stream sync --config stream.json"
    })
public final class SyncCommand extends ReportCommand {

  private static final long POLL_MILLIS = 50;

  /** A running Stream looks for requests every second. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** What an answer may take beyond the time that was given to the replicas. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Goes on after the message of a sync that was not complete. */
  private static final String KEPT =
      " while it runs, and this one ends now: the shadow directory keeps what was captured, and the"
          + " next 'stream replicate' or 'stream sync' sends it";

  @Mixin private ConfigOption source = new ConfigOption();

  @Mixin private NewGenerationOption newGeneration = new NewGenerationOption();

  @Option(
      names = "--wait",
      description = "Wait until the replicas have everything, or the time is up.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to wait; 60 if it is not given.")
  private int timeout = 60;

  @Option(
      names = "--replica",
      paramLabel = "NAME",
      description = "Only this replica has to have everything.")
  private @Nullable String replica;

  @Override
  protected int run() throws Exception {
    if (timeout < 1) {
      throw CommandFailure.usage("--timeout " + timeout + ": give at least one second");
    }
    PluginRegistry plugins = PluginRegistry.discover();
    StreamConfig config = source.read(plugins);
    OutsideCaptureRequirement.require(
        config,
        "sync",
        " To have everything sent, have it call StreamController.sync(); its Observer.controller()"
            + " is the one.");
    if (replica != null) {
      var unused = config.replica(replica);
    }
    if (!RunningStream.of(config.shadowDir()).state().isAlive()) {
      return sendOurselves(config, plugins);
    }
    Instant deadline = Instant.now().plusSeconds(timeout);
    SyncRequest request = SyncRequest.make(config.shadowDir(), deadline, replica, wait);
    try {
      awaitTaken(config, request, deadline);
      if (!wait) {
        line("the running Stream sends everything now; --wait waits for it");
        if (json) {
          print(new JsonObject().with("synced", false));
        }
        return ExitCode.DONE;
      }
      report(config, awaitAnswer(config, request, deadline));
      return ExitCode.DONE;
    } finally {
      request.clear();
    }
  }

  private int sendOurselves(StreamConfig config, PluginRegistry plugins) throws Exception {
    StreamController controller =
        OwnCapture.start(config, plugins, newGeneration, ", and no Stream runs");
    List<JsonObject> replicas;
    try {
      controller.sync(Duration.ofSeconds(timeout), replica);
      replicas = SyncRequest.replicas(controller.status(), replica);
    } catch (IOException e) {
      throw CommandFailure.failed(ErrorMessage.of(e) + KEPT);
    } finally {
      controller.close();
    }
    show(replicas);
    return ExitCode.DONE;
  }

  private void awaitTaken(StreamConfig config, SyncRequest request, Instant deadline)
      throws Exception {
    Instant asked = Instant.now();
    Instant looked = asked;
    State state = State.RUNNING;
    while (!request.isTaken()) {
      Thread.sleep(POLL_MILLIS);
      Instant now = Instant.now();
      if (now.isAfter(looked.plusSeconds(1))) {
        looked = now;
        state = RunningStream.of(config.shadowDir()).state();
        requireAlive(config, state);
      }
      if (state == State.RUNNING && now.isAfter(asked.plus(ANSWER))) {
        throw CommandFailure.failed(
            "the Stream that uses "
                + config.shadowDir()
                + " does not answer. If an application embeds it, have the application call"
                + " StreamController.sync()");
      }
      if (now.isAfter(deadline)) {
        throw CommandFailure.failed(
            "after "
                + ValueFormat.duration(Duration.ofSeconds(timeout))
                + " the Stream that uses "
                + config.shadowDir()
                + " has not begun to capture ('stream status' says what it waits for): it is not"
                + " known what the replicas lack");
      }
    }
  }

  private JsonNode awaitAnswer(StreamConfig config, SyncRequest request, Instant deadline)
      throws Exception {
    Instant looked = Instant.now();
    while (true) {
      JsonNode answer = request.answer();
      if (answer != null) {
        return answer;
      }
      Thread.sleep(POLL_MILLIS);
      Instant now = Instant.now();
      if (now.isAfter(looked.plusSeconds(1))) {
        looked = now;
        State state = RunningStream.of(config.shadowDir()).state();
        JsonNode last = request.answer();
        if (last != null) {
          return last;
        }
        requireAlive(config, state);
      }
      if (now.isAfter(deadline.plus(GRACE))) {
        throw CommandFailure.failed(
            "the Stream that uses "
                + config.shadowDir()
                + " has begun to send everything, and says no more: it is not known what the"
                + " replicas lack ('stream status' may tell)");
      }
    }
  }

  private static void requireAlive(StreamConfig config, State state) throws CommandFailure {
    if (!state.isAlive()) {
      throw CommandFailure.failed(
          "the Stream that uses "
              + config.shadowDir()
              + " has ended meanwhile; run 'stream sync' once more to have the rest sent");
    }
  }

  private void report(StreamConfig config, JsonNode answer) throws CommandFailure {
    String problem = answer.path("problem").textValue();
    if (problem != null) {
      throw CommandFailure.failed(problem);
    }
    List<JsonObject> replicas = new ArrayList<>();
    for (JsonNode one : answer.path("replicas")) {
      replicas.add(
          entry(
              one.path("name").asText(),
              one.path("generation").textValue(),
              one.path("txId").asLong()));
    }
    if (replicas.isEmpty()) {
      throw CommandFailure.failed(
          "the answer of the Stream that uses " + config.shadowDir() + " names no replica");
    }
    show(replicas);
  }

  private static JsonObject entry(String name, @Nullable String generation, long txId) {
    return new JsonObject().with("name", name).with("generation", generation).with("txId", txId);
  }

  private void show(List<JsonObject> replicas) {
    for (JsonObject one : replicas) {
      line(
          "replica "
              + one.get("name")
              + " has everything, to transaction "
              + one.get("txId")
              + " of generation "
              + one.get("generation"));
    }
    if (json) {
      print(new JsonObject().with("synced", true).with("replicas", replicas));
    }
  }
}
