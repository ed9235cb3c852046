package dev.stream.cli.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ConfigOption;
import dev.stream.cli.output.Json;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.run.RunningStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
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
      "Shows how replication is going: generation, transaction, and for each replica what it lacks"
          + " and since when.",
      "",
      "Reads what the running Stream writes to its shadow directory, which may belong to an"
          + " application that embeds Stream. No replica is asked. If no Stream runs, it shows how"
          + " the last one ended. Ends with 0 if the status could be shown; with --strict, only if"
          + " all is well."
    },
    footer = {
      "  stream status --config stream.json",
      "  stream status --config stream.json --json",
      "  stream status --config stream.json --strict || alert"
    })
public final class StatusCommand extends ReportCommand {

  @Mixin private ConfigOption source = new ConfigOption();

  @Option(
      names = "--strict",
      description =
          "End with 1 unless Stream runs, is alive (not stopped or hanging), captures, merges"
              + " segments, every replica works and none lags by more than"
              + " dataLossWindowThreshold.")
  private boolean strict;

  @Override
  protected int run() throws Exception {
    StreamConfig config = source.read(PluginRegistry.discover());
    RunningStream running = RunningStream.of(config.shadowDir());
    List<String> problems = running.problems();
    String state = running.state().name().toLowerCase(Locale.ROOT);
    JsonNode status = Json.tree(running.json());
    if (json) {
      ObjectNode document = Json.mapper().createObjectNode();
      document.put("state", state);
      document.put("healthy", problems.isEmpty());
      problems.forEach(document.putArray("problems")::add);
      document.put("shadowDir", config.shadowDir().toString());
      if (status instanceof ObjectNode last) {
        last.remove(List.of("state", "healthy", "problems"));
        document.setAll(last);
      }
      out().println(Json.text(document));
    } else {
      show(state, config, status);
      problems.forEach(problem -> out().println("! " + problem));
    }
    return strict && !problems.isEmpty() ? ExitCode.FAILED : ExitCode.DONE;
  }

  private static Duration window(JsonNode status) {
    return Duration.ofMillis(status.path("dataLossWindowMillis").asLong());
  }

  private void show(String state, StreamConfig config, @Nullable JsonNode status) {
    PrintWriter out = out();
    if (status == null || !status.has("txId")) {
      out.printf("%s, shadow directory %s%n", state, config.shadowDir());
      return;
    }
    out.printf(
        "%s (pid %s), as of %s%n",
        state,
        status.path("pid").asText(),
        ValueFormat.time(Instant.parse(status.path("updatedAt").asText())));
    out.printf("database    %s%n", status.path("database").asText());
    out.printf(
        "generation  %s (%s)%n",
        status.path("generation").asText("none"), status.path("reason").asText());
    out.printf("transaction %s%n", status.path("txId").asText());
    JsonNode caughtUp = status.path("lastCatchUp");
    if (caughtUp.isObject()) {
      out.printf(
          "catch-up    transactions %s were captured as one at %s, %s: %s; states since %s and"
              + " in between cannot be restored%n",
          ValueFormat.range(caughtUp.path("firstTxId").asLong(), caughtUp.path("txId").asLong()),
          ValueFormat.time(Instant.parse(caughtUp.path("at").asText())),
          ValueFormat.bytes(caughtUp.path("bytes").asLong()),
          caughtUp.path("reason").asText(),
          ValueFormat.time(Instant.parse(caughtUp.path("since").asText())));
    }
    int failures = status.path("captureFailures").asInt();
    if (failures > 0) {
      out.printf("capture     failed %s since the start%n", ValueFormat.count(failures, "time"));
    }
    showReadBack(status.path("readBack"));
    out.printf(
        "shadow      %s, %s%n",
        config.shadowDir(), ValueFormat.bytes(status.path("shadowBytes").asLong()));
    for (JsonNode replica : status.path("replicas")) {
      int pending = replica.path("pendingArtefacts").asInt();
      long txId = replica.path("txId").asLong();
      out.printf(
          "replica %s (%s): %s, %s%n",
          replica.path("name").asText(),
          replica.path("store").asText(),
          txId < 0 ? "not known yet" : "up to transaction " + txId,
          pending == 0
              ? "lacks nothing that is sealed"
              : "lacks "
                  + ValueFormat.count(pending, "artefact")
                  + " of "
                  + ValueFormat.bytes(replica.path("pendingBytes").asLong()));
      out.printf("  data loss window %s%n", ValueFormat.duration(window(replica)));
    }
    status.path("drills").forEach(this::showDrill);
  }

  private void showDrill(JsonNode drill) {
    JsonNode proof = drill.path("proof");
    out()
        .printf(
            "drill of %s: %s%n",
            drill.path("replica").asText(),
            proof.isObject()
                ? "verified through transaction "
                    + proof.path("txId").asLong()
                    + " at "
                    + ValueFormat.time(Instant.parse(proof.path("at").asText()))
                    + ", everything fetched last at "
                    + ValueFormat.time(Instant.parse(proof.path("fetchedAllAt").asText()))
                : "not verified yet");
  }

  private void showReadBack(JsonNode readBack) {
    if (readBack.path("provenAt").isTextual()) {
      long read = readBack.path("pagesRead").asLong();
      out()
          .printf(
              "read back   what was captured until %s was found in the database%s%n",
              ValueFormat.time(Instant.parse(readBack.path("provenAt").asText())),
              read == 0
                  ? ""
                  : ", and of the next turn "
                      + 100 * read / Math.max(1, readBack.path("pages").asLong())
                      + " %");
    }
  }
}
