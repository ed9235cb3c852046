package dev.stream.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream status}. */
@Command(
    name = "status",
    description = {
      "Says how replication is going: generation, transaction, and for each replica what it lacks"
          + " and how old that is.",
      "",
      "Reads what the running Stream writes to its shadow directory, also that of an application"
          + " that embeds Stream; asks no replica. If none runs, it shows how the last one ended."
          + " Ends with 0 if it could tell; with --strict, only if all is well."
    },
    footer = {
      "  stream status --config stream.json",
      "  stream status --config stream.json --json",
      "  stream status --config stream.json --strict || alert"
    })
final class StatusCommand extends ReportCommand {

  @Mixin private ConfigOption source = new ConfigOption();

  @Option(
      names = "--strict",
      description =
          "End with 1 unless Stream runs, captures, merges segments, every replica works and none"
              + " lags by more than dataLossWindowThreshold.")
  private boolean strict;

  @Override
  int run() throws Exception {
    StreamConfig config = source.read(PluginRegistry.discover());
    RunningStream running = RunningStream.of(config.shadowDir());
    List<String> problems = problems(running, config.dataLossWindowThreshold());
    String state = running.state().name().toLowerCase(Locale.ROOT);
    JsonNode status = running.status();
    if (json) {
      ObjectNode document = Json.mapper().createObjectNode();
      document.put("state", state);
      document.put("healthy", problems.isEmpty());
      problems.forEach(document.putArray("problems")::add);
      document.put("shadowDir", config.shadowDir().toString());
      if (status instanceof ObjectNode last) {
        last.remove("state");
        document.setAll(last);
      }
      out().println(Json.text(document));
    } else {
      show(state, config, status);
      problems.forEach(problem -> out().println("! " + problem));
    }
    return strict && !problems.isEmpty() ? ExitCode.FAILED : ExitCode.DONE;
  }

  /** What is not as it should be, for people. */
  static List<String> problems(RunningStream running, Duration threshold) {
    List<String> problems = new ArrayList<>();
    switch (running.state()) {
      case RUNNING -> {}
      case STOPPED -> problems.add("no Stream runs: commits are not replicated");
      case KILLED ->
          problems.add("no Stream runs, the last one was killed: commits are not replicated");
      case NEVER -> problems.add("no Stream has run with this shadow directory yet");
    }
    JsonNode status = running.status();
    if (status == null || running.state() != RunningStream.State.RUNNING) {
      return problems;
    }
    if (status.hasNonNull("error")) {
      problems.add(status.path("error").asText());
    }
    if (status.hasNonNull("compactionError")) {
      problems.add(
          "compaction fails since "
              + Show.time(Instant.parse(status.path("compactionFailingSince").asText()))
              + ": "
              + status.path("compactionError").asText()
              + "; replicas get every commit, but keep more objects");
    }
    for (JsonNode replica : status.path("replicas")) {
      String name = "replica " + replica.path("name").asText();
      if (replica.hasNonNull("error")) {
        problems.add(name + ": " + replica.path("error").asText());
      }
      Duration window = window(replica);
      if (window.compareTo(threshold) > 0) {
        problems.add(
            name
                + " lags by "
                + Show.duration(window)
                + ", more than dataLossWindowThreshold ("
                + Show.duration(threshold)
                + ")");
      }
    }
    return problems;
  }

  private static Duration window(JsonNode status) {
    return Duration.ofMillis(status.path("dataLossWindowMillis").asLong());
  }

  private void show(String state, StreamConfig config, @Nullable JsonNode status) {
    if (status == null) {
      out().printf("%s, shadow directory %s%n", state, config.shadowDir());
      return;
    }
    out()
        .printf(
            "%s (pid %s), as of %s%n",
            state,
            status.path("pid").asText(),
            Show.time(Instant.parse(status.path("updatedAt").asText())));
    out().printf("database    %s%n", status.path("database").asText());
    out()
        .printf(
            "generation  %s (%s)%n",
            status.path("generation").asText("none"), status.path("reason").asText());
    out().printf("transaction %s%n", status.path("txId").asText());
    int failures = status.path("captureFailures").asInt();
    if (failures > 0) {
      out().printf("capture     failed %s since the start%n", Show.count(failures, "time"));
    }
    out()
        .printf(
            "shadow      %s, %s%n",
            config.shadowDir(), Show.bytes(status.path("shadowBytes").asLong()));
    for (JsonNode replica : status.path("replicas")) {
      int pending = replica.path("pendingArtefacts").asInt();
      long txId = replica.path("txId").asLong();
      out()
          .printf(
              "replica %s (%s): %s, %s%n",
              replica.path("name").asText(),
              replica.path("store").asText(),
              txId < 0 ? "not known yet" : "up to transaction " + txId,
              pending == 0
                  ? "lacks nothing that is sealed"
                  : "lacks "
                      + Show.count(pending, "artefact")
                      + " of "
                      + Show.bytes(replica.path("pendingBytes").asLong()));
      out().printf("  data loss window %s%n", Show.duration(window(replica)));
    }
  }
}
