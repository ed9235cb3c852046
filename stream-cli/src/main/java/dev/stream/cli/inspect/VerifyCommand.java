package dev.stream.cli.inspect;

import dev.stream.api.replica.Replica;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReplicaReport;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.JsonObject;
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
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream verify}. */
@Command(
    name = "verify",
    description = {
      "Reads all that replicas hold and proves it, without writing a file.",
      "",
      "Every artefact is checked against its checksums and against its neighbours, and the newest"
          + " state of each generation is put together and compared with the database checksum, as"
          + " a restore would. Shows up to which transaction recovery is possible, and what"
          + " prevents more. Ends with 0 only if everything is whole and proven; with 1 also if a"
          + " replica is empty or cannot be read.",
      "",
      "Several replicas are compared with each other, without reading more: whether they hold the"
          + " same database as of each transaction and the same bytes under each name, which"
          + " replica is behind, and by how much. A contradiction is a failure; being behind is"
          + " not."
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

  @Option(names = "--newest", description = "Verify only the newest generation.")
  private boolean newest;

  @Override
  protected int run() throws Exception {
    PluginRegistry plugins = PluginRegistry.discover();
    List<VerifyReport> reports = new ArrayList<>();
    ReplicaReport all = new ReplicaReport(this, " cannot be read");
    for (ReplicaConfig config : source.choose(plugins).replicas()) {
      all.add(
          config,
          (replica, heading, entry) -> {
            VerifyReport report = verify(config.name(), replica, plugins);
            reports.add(report);
            describe(entry, report);
            if (!json) {
              show(heading, report);
            }
          });
    }
    ReplicaComparison comparison = reports.size() > 1 ? ReplicaComparison.of(reports) : null;
    boolean ok =
        all.ok()
            && reports.stream().allMatch(VerifyReport::ok)
            && (comparison == null || comparison.ok());
    if (json) {
      all.entries().forEach(entry -> entry.putIfAbsent("ok", false));
      print(
          new JsonObject()
              .with("ok", ok)
              .with("replicas", all.entries())
              .with("comparison", comparison == null ? null : tree(comparison)));
    } else if (comparison != null) {
      show(comparison);
    }
    return ok ? ExitCode.DONE : ExitCode.FAILED;
  }

  private VerifyReport verify(String name, Replica replica, PluginRegistry plugins)
      throws IOException {
    try (TerminalProgress progress = new TerminalProgress()) {
      return new ReplicaVerifier(
              name, new ReplicaArchive(replica), plugins.codecs(), PARALLELISM, progress)
          .verify(newest);
    }
  }

  private void show(String heading, VerifyReport report) {
    out()
        .printf(
            "%s: %s; read %s, %s, in %s%n",
            heading,
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
      out().println("  " + standing.replica() + ": " + position(standing));
    }
  }

  private static String position(Standing standing) {
    ReachableState newest = standing.newest();
    if (newest == null) {
      return "nothing can be restored";
    }
    StringBuilder text = new StringBuilder("up to ").append(newest);
    if (standing.behindTransactions() != 0) {
      text.append(", behind by ")
          .append(
              standing.behindTransactions() < 0
                  ? "a generation"
                  : ValueFormat.count(standing.behindTransactions(), "transaction"));
      Duration behind = standing.behind();
      if (behind != null && !behind.isNegative()) {
        text.append(" (").append(ValueFormat.duration(behind)).append(')');
      }
    }
    if (standing.lacking() > 0) {
      text.append(", without ")
          .append(ValueFormat.count(standing.lacking(), "earlier state"))
          .append(" that others have");
    }
    return text.toString();
  }

  private static JsonObject tree(ReplicaComparison comparison) {
    return new JsonObject()
        .with("ok", comparison.ok())
        .with("replicas", comparison.standings().stream().map(VerifyCommand::tree).toList())
        .with("problems", trees(comparison.problems()));
  }

  private static JsonObject tree(Standing standing) {
    long transactions = standing.behindTransactions();
    Duration behind = standing.behind();
    return new JsonObject()
        .with("name", standing.replica())
        .with("newest", StateFormat.document(standing.newest()))
        .with("upToDate", standing.upToDate())
        .with("behindTransactions", transactions < 0 ? null : transactions)
        .with("behindMillis", behind == null ? null : behind.toMillis())
        .with("lackingStates", standing.lacking());
  }

  private static List<JsonObject> trees(List<VerifyProblem> problems) {
    return problems.stream()
        .map(problem -> new JsonObject().with("key", problem.key()).with("problem", problem.text()))
        .toList();
  }

  private static void describe(JsonObject entry, VerifyReport report) {
    entry.put("ok", report.ok());
    entry.put("artefacts", report.objects());
    entry.put("bytes", report.bytes());
    entry.put("durationMillis", report.duration().toMillis());
    entry.put("generations", report.generations().stream().map(VerifyCommand::tree).toList());
  }

  private static JsonObject tree(GenerationReport generation) {
    JsonObject tree =
        new JsonObject()
            .with("id", generation.generation().value())
            .with("ok", generation.ok())
            .with("summary", generation.summary())
            .with("snapshots", generation.snapshots())
            .with("segments", generation.segments())
            .with("bytes", generation.bytes())
            .with("newestTxId", generation.newestTxId())
            .with("provenTxId", generation.provenTxId());
    Long checksum = generation.provenChecksum();
    tree.put("provenChecksum", checksum == null ? null : ValueFormat.checksum(checksum));
    tree.put("recoverable", generation.recoverable().stream().map(StateFormat::document).toList());
    tree.put("problems", trees(generation.problems()));
    return tree;
  }
}
