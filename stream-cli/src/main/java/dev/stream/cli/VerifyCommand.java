package dev.stream.cli;

import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.GenerationReport;
import dev.stream.core.restore.ReplicaVerifier;
import dev.stream.core.restore.VerifyProblem;
import dev.stream.core.restore.VerifyReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream verify}. */
@Command(
    name = "verify",
    description = {
      "Reads replicas back and proves them, without writing a file.",
      "",
      "Every artefact is checked against its checksums and against its neighbours, and the newest"
          + " state of each generation is put together and compared with the database checksum, as"
          + " a restore would. Says up to which transaction recovery is possible, and what breaks"
          + " it. Ends with 0 only if everything is whole and proven; with 1 also if a replica is"
          + " empty or cannot be read."
    },
    footer = {
      "  stream verify --config stream.json",
      "  stream verify --config stream.json --replica offsite --newest",
      "  stream verify --from /backups --json"
    })
final class VerifyCommand extends ReportCommand {

  private static final int PARALLELISM = 8;
  private static final int SHOWN_PROBLEMS = 20;

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Option(names = "--newest", description = "Only the newest generation.")
  private boolean newest;

  @Override
  int run() throws Exception {
    PluginRegistry plugins = PluginRegistry.discover();
    boolean ok = true;
    List<Map<String, @Nullable Object>> replicas = new ArrayList<>();
    for (ReplicaConfig config : source.choose(plugins).replicas()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("name", config.name());
      replicas.add(entry);
      try (Replica replica = config.open();
          TerminalProgress progress = new TerminalProgress()) {
        entry.put("store", replica.name());
        VerifyReport report =
            new ReplicaVerifier(
                    config.name(),
                    new ReplicaArchive(replica),
                    Plugins.codecs(plugins),
                    PARALLELISM,
                    progress)
                .verify(newest);
        progress.finish();
        ok &= report.ok();
        describe(entry, report);
        if (!json) {
          show(replica.name(), report);
        }
      } catch (IOException e) {
        ok = false;
        String problem = ErrorReport.Errors.message(e);
        entry.put("ok", false);
        entry.put("error", problem);
        if (!json) {
          err().println("stream: replica " + config.name() + " cannot be read: " + problem);
        }
      }
    }
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("ok", ok);
      document.put("replicas", replicas);
      print(document);
    }
    return ok ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void show(String store, VerifyReport report) {
    out()
        .printf(
            "replica %s (%s): %s; read %s, %s, in %s%n",
            report.replica(),
            store,
            report.generations().isEmpty()
                ? "there is nothing to restore from"
                : report.ok() ? "whole and proven" : "NOT SOUND",
            Show.count(report.objects(), "artefact"),
            Show.bytes(report.bytes()),
            Show.duration(report.duration()));
    for (GenerationReport generation : report.generations()) {
      out().println("  " + generation.summary());
      List<VerifyProblem> problems = generation.problems();
      for (VerifyProblem problem : problems.subList(0, Math.min(SHOWN_PROBLEMS, problems.size()))) {
        out().println("    " + problem.text());
      }
      if (problems.size() > SHOWN_PROBLEMS) {
        out().println("    … and " + (problems.size() - SHOWN_PROBLEMS) + " more (see --json)");
      }
    }
  }

  private static void describe(Map<String, @Nullable Object> entry, VerifyReport report) {
    entry.put("ok", report.ok());
    entry.put("artefacts", report.objects());
    entry.put("bytes", report.bytes());
    entry.put("durationMillis", report.duration().toMillis());
    entry.put("generations", report.generations().stream().map(VerifyCommand::tree).toList());
  }

  private static Map<String, @Nullable Object> tree(GenerationReport generation) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("id", generation.generation().value());
    tree.put("ok", generation.ok());
    tree.put("summary", generation.summary());
    tree.put("snapshots", generation.snapshots());
    tree.put("segments", generation.segments());
    tree.put("bytes", generation.bytes());
    tree.put("newestTxId", generation.newestTxId());
    tree.put("provenTxId", generation.provenTxId());
    Long checksum = generation.provenChecksum();
    tree.put("provenChecksum", checksum == null ? null : Show.checksum(checksum));
    tree.put(
        "recoverable",
        generation.recoverable().stream()
            .map(range -> Map.of("firstTxId", range.first(), "lastTxId", range.last()))
            .toList());
    List<Map<String, @Nullable Object>> problems = new ArrayList<>();
    for (VerifyProblem problem : generation.problems()) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("key", problem.key());
      one.put("problem", problem.text());
      problems.add(one);
    }
    tree.put("problems", problems);
    return tree;
  }
}
