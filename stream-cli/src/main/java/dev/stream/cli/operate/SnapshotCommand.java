package dev.stream.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.api.replica.Replica;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ConfigOption;
import dev.stream.cli.option.NewGenerationOption;
import dev.stream.cli.output.Json;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.ValueFormat;
import dev.stream.cli.replicate.OutsideCaptureRequirement;
import dev.stream.cli.replicate.SnapshotRequest;
import dev.stream.core.StreamController;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.run.RunningStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream snapshot}. */
@Command(
    name = "snapshot",
    description = {
      "Takes a snapshot of the whole database now, and waits until every replica has it.",
      "",
      "If 'stream replicate' runs with this configuration, it is asked to take the snapshot. If it"
          + " does not run, this command captures the database itself, sends everything, and ends."
          + " An application that embeds Stream cannot be asked; it calls"
          + " StreamController.snapshotNow()."
    },
    footer = {
      "  stream snapshot --config stream.json",
      "  stream snapshot --config stream.json --timeout 600 --json"
    })
public final class SnapshotCommand extends ReportCommand {

  private static final long POLL_MILLIS = 100;
  private static final Duration ANSWER = Duration.ofSeconds(10);

  @Mixin private ConfigOption source = new ConfigOption();

  @Mixin private NewGenerationOption newGeneration = new NewGenerationOption();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to wait for the replicas; 120 if it is not given.")
  private int timeout = 120;

  /** A replica, and the snapshots that it had before. */
  private record Waiting(String name, Replica replica, Set<SnapshotDescriptor> before) {}

  @Override
  protected int run() throws Exception {
    Duration patience = patience();
    PluginRegistry plugins = PluginRegistry.discover();
    StreamConfig config = source.read(plugins);
    OutsideCaptureRequirement.require(
        config,
        "snapshot",
        " For a snapshot, have it call StreamController.snapshotNow(); its Observer.controller() is"
            + " the one.");
    List<Waiting> waiting = new ArrayList<>();
    try {
      for (ReplicaConfig replica : config.replicas()) {
        Replica opened = replica.open();
        waiting.add(new Waiting(replica.name(), opened, new HashSet<>()));
      }
      for (Waiting one : waiting) {
        one.before().addAll(snapshots(one.replica()));
      }
      boolean runs = RunningStream.of(config.shadowDir()).state().isAlive();
      long deadline = System.nanoTime() + patience.toNanos();
      Map<String, SnapshotDescriptor> found =
          runs ? ask(config, waiting, deadline) : take(config, plugins, waiting, deadline);
      requireAll(config, waiting, found, patience);
      report(found);
      return ExitCode.DONE;
    } finally {
      for (Waiting one : waiting) {
        one.replica().close();
      }
    }
  }

  private Duration patience() throws CommandFailure {
    if (timeout < 1) {
      throw CommandFailure.usage("--timeout " + timeout + ": give at least one second");
    }
    return Duration.ofSeconds(timeout);
  }

  private static Map<String, SnapshotDescriptor> ask(
      StreamConfig config, List<Waiting> waiting, long deadline) throws Exception {
    SnapshotRequest request = new SnapshotRequest(config.shadowDir());
    request.make();
    long answer = System.nanoTime() + ANSWER.toNanos();
    while (request.isOpen()) {
      if (System.nanoTime() > answer) {
        request.discard();
        throw CommandFailure.failed(
            "the Stream that uses "
                + config.shadowDir()
                + " does not answer. If an application embeds it, have the application call"
                + " StreamController.snapshotNow()");
      }
      Thread.sleep(POLL_MILLIS);
    }
    return await(waiting, deadline);
  }

  private Map<String, SnapshotDescriptor> take(
      StreamConfig config, PluginRegistry plugins, List<Waiting> waiting, long deadline)
      throws Exception {
    StreamController controller =
        OwnCapture.start(config, plugins, newGeneration, " to take a snapshot of");
    Map<String, SnapshotDescriptor> found;
    try {
      controller.snapshotNow();
      found = await(waiting, deadline);
    } finally {
      controller.close();
    }
    return found;
  }

  /** The new snapshots by replica. When the time is up, some may be missing. */
  private static Map<String, SnapshotDescriptor> await(List<Waiting> waiting, long deadline)
      throws IOException, InterruptedException {
    Map<String, SnapshotDescriptor> found = new TreeMap<>();
    while (true) {
      for (Waiting one : waiting) {
        if (!found.containsKey(one.name())) {
          for (SnapshotDescriptor snapshot : snapshots(one.replica())) {
            if (!one.before().contains(snapshot)) {
              found.put(one.name(), snapshot);
            }
          }
        }
      }
      if (found.size() == waiting.size() || System.nanoTime() > deadline) {
        return found;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static List<SnapshotDescriptor> snapshots(Replica replica) throws IOException {
    return new ReplicaArchive(replica)
        .list().generations().stream()
            .map(GenerationListing::snapshots)
            .flatMap(List::stream)
            .toList();
  }

  private static void requireAll(
      StreamConfig config,
      List<Waiting> waiting,
      Map<String, SnapshotDescriptor> found,
      Duration patience)
      throws IOException, CommandFailure {
    StringBuilder missing = new StringBuilder();
    for (Waiting one : waiting) {
      if (!found.containsKey(one.name())) {
        missing.append(missing.isEmpty() ? "" : "; ").append(one.name());
        String reason = reason(config, one.name());
        missing.append(reason.isEmpty() ? "" : " (" + reason + ")");
      }
    }
    if (!missing.isEmpty()) {
      throw CommandFailure.failed(
          "after "
              + ValueFormat.duration(patience)
              + " there is no new snapshot on "
              + missing
              + ". Once it is in the shadow directory, 'stream replicate' keeps trying to send it");
    }
  }

  /**
   * The error of a replica as the Stream reports it that took the snapshot; empty if there is none.
   */
  private static String reason(StreamConfig config, String name) throws IOException {
    JsonNode status = Json.tree(RunningStream.of(config.shadowDir()).json());
    if (status != null) {
      for (JsonNode replica : status.path("replicas")) {
        if (replica.path("name").asText().equals(name) && replica.hasNonNull("error")) {
          return replica.path("error").asText();
        }
      }
    }
    return "";
  }

  private void report(Map<String, SnapshotDescriptor> found) {
    List<JsonObject> replicas = new ArrayList<>();
    found.forEach(
        (name, snapshot) -> {
          JsonObject entry =
              new JsonObject()
                  .with("name", name)
                  .with("generation", snapshot.generation().value())
                  .with("txId", snapshot.txId())
                  .with("key", snapshot.key().value())
                  .with("size", snapshot.size());
          replicas.add(entry);
          if (!json) {
            out()
                .printf(
                    "replica %s has a new snapshot: transaction %d of generation %s, %s%n",
                    name,
                    snapshot.txId(),
                    snapshot.generation(),
                    ValueFormat.bytes(snapshot.size()));
          }
        });
    if (json) {
      print(new JsonObject().with("replicas", replicas));
    }
  }
}
