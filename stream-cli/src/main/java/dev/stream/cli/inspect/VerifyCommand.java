package dev.stream.cli.inspect;

import dev.stream.api.replica.Replica;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.FailureText;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.PluginLookups;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.StateFormat;
import dev.stream.cli.output.TerminalProgress;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.state.ReachableState;
import dev.stream.core.verify.GenerationReport;
import dev.stream.core.verify.ReplicaComparison;
import dev.stream.core.verify.ReplicaComparison.Standing;
import dev.stream.core.verify.ReplicaVerifier;
import dev.stream.core.verify.VerifyProblem;
import dev.stream.core.verify.VerifyReport;
import java.io.IOException;
import java.time.Duration;
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
          + " empty or cannot be read.",
      "",
      "Several replicas are compared with each other, without reading more: whether they hold the"
          + " same database as of each transaction and the same bytes under each name, which is"
          + " behind, and by how much. A contradiction is a failure; being behind is not."
    },
    footer = {
      "  stream verify --config stream.json",
      "  stream verify --config stream.json --replica offsite --newest",
      "  stream verify --from /backups --json"
    })
public final class VerifyCommand extends ReportCommand {

  private static final int PARALLELISM = 8;
  private static final int SHOWN_PROBLEMS = 20;

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Option(names = "--newest", description = "Only the newest generation.")
  private boolean newest;

  @Override
  protected int run() throws Exception {
    PluginRegistry plugins = PluginRegistry.discover();
    boolean ok = true;
    List<Map<String, @Nullable Object>> replicas = new ArrayList<>();
    List<VerifyReport> reports = new ArrayList<>();
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
                    PluginLookups.codecs(plugins),
                    PARALLELISM,
                    progress)
                .verify(newest);
        progress.finish();
        ok &= report.ok();
        reports.add(report);
        describe(entry, report);
        if (!json) {
          show(replica.name(), report);
        }
      } catch (IOException e) {
        ok = false;
        String problem = FailureText.of(e);
        entry.put("ok", false);
        entry.put("error", problem);
        if (!json) {
          err().println("stream: replica " + config.name() + " cannot be read: " + problem);
        }
      }
    }
    ReplicaComparison comparison = reports.size() > 1 ? ReplicaComparison.of(reports) : null;
    if (comparison != null) {
      ok &= comparison.ok();
    }
    if (json) {
      Map<String, @Nullable Object> document = new LinkedHashMap<>();
      document.put("ok", ok);
      document.put("replicas", replicas);
      document.put("comparison", comparison == null ? null : tree(comparison));
      print(document);
    } else if (comparison != null) {
      show(comparison);
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
            ValueFormat.count(report.objects(), "artefact"),
            ValueFormat.bytes(report.bytes()),
            ValueFormat.duration(report.duration()));
    for (GenerationReport generation : report.generations()) {
      out().println("  " + generation.summary());
      show(generation.problems(), "    ");
    }
  }

  private void show(List<VerifyProblem> problems, String indent) {
    for (VerifyProblem problem : problems.subList(0, Math.min(SHOWN_PROBLEMS, problems.size()))) {
      out().println(indent + problem.text());
    }
    if (problems.size() > SHOWN_PROBLEMS) {
      out().println(indent + "… and " + (problems.size() - SHOWN_PROBLEMS) + " more (see --json)");
    }
  }

  private void show(ReplicaComparison comparison) {
    out()
        .println(
            comparison.ok()
                ? "what the replicas have in common is the same"
                : "the replicas CONTRADICT each other");
    show(comparison.problems(), "  ");
    for (Standing standing : comparison.standings()) {
      out().println("  " + standing.replica() + ": " + told(standing));
    }
  }

  private static String told(Standing standing) {
    ReachableState newest = standing.newest();
    if (newest == null) {
      return "nothing can be restored";
    }
    StringBuilder told = new StringBuilder("up to ").append(newest);
    if (standing.behindTransactions() != 0) {
      told.append(", behind by ")
          .append(
              standing.behindTransactions() < 0
                  ? "a generation"
                  : ValueFormat.count(standing.behindTransactions(), "transaction"));
      Duration behind = standing.behind();
      if (behind != null && !behind.isNegative()) {
        told.append(" (").append(ValueFormat.duration(behind)).append(')');
      }
    }
    if (standing.lacking() > 0) {
      told.append(", without ")
          .append(ValueFormat.count(standing.lacking(), "earlier state"))
          .append(" that others have");
    }
    return told.toString();
  }

  private static Map<String, @Nullable Object> tree(ReplicaComparison comparison) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("ok", comparison.ok());
    List<Map<String, @Nullable Object>> standings = new ArrayList<>();
    for (Standing standing : comparison.standings()) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      Duration behind = standing.behind();
      one.put("name", standing.replica());
      one.put("newest", StateFormat.document(standing.newest()));
      one.put("upToDate", standing.upToDate());
      one.put(
          "behindTransactions",
          standing.behindTransactions() < 0 ? null : standing.behindTransactions());
      one.put("behindMillis", behind == null ? null : behind.toMillis());
      one.put("lackingStates", standing.lacking());
      standings.add(one);
    }
    tree.put("replicas", standings);
    tree.put("problems", trees(comparison.problems()));
    return tree;
  }

  private static List<Map<String, @Nullable Object>> trees(List<VerifyProblem> problems) {
    List<Map<String, @Nullable Object>> trees = new ArrayList<>();
    for (VerifyProblem problem : problems) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("key", problem.key());
      one.put("problem", problem.text());
      trees.add(one);
    }
    return trees;
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
    tree.put("provenChecksum", checksum == null ? null : ValueFormat.checksum(checksum));
    tree.put(
        "recoverable",
        generation.recoverable().stream()
            .map(range -> Map.of("firstTxId", range.first(), "lastTxId", range.last()))
            .toList());
    tree.put("problems", trees(generation.problems()));
    return tree;
  }
}
