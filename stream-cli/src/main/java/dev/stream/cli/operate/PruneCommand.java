package dev.stream.cli.operate;

import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReplicaReport;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.StateFormat;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.operate.ReplicaPruning;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.retention.ArtefactVerdict;
import dev.stream.core.retention.GenerationVerdicts;
import dev.stream.core.retention.RetentionPlan;
import dev.stream.core.retention.RetentionPlanner;
import dev.stream.core.state.TxRange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream prune}. */
@Command(
    name = "prune",
    description = {
      "Deletes from replicas what retention does not keep, and reports what was deleted and why."
          + " With --dry-run it only reports.",
      "",
      "The database stays restorable as it was at any time of retention.snapshotRetention, at the"
          + " ends of the segments that retention.segmentRetention keeps; the newest state and all"
          + " pins stay in any case. A running Stream does the same by itself at every"
          + " retention.checkInterval, and this may run beside it. Where the credentials of the"
          + " running Stream may not delete, run this with credentials that may. With --from, the"
          + " policy is that of --retention and --segment-retention. Ends with 1 if a replica"
          + " cannot be listed or does not delete."
    },
    footer = {
      "  stream prune --config stream.json --dry-run",
      "  stream prune --config stream.json --replica offsite",
      "  stream prune --from /backups --retention 30d --dry-run",
      "  stream prune --from /backups --retention 30d --segment-retention 1h,24h,7d"
    })
public final class PruneCommand extends ReportCommand {

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Mixin private RetentionOptions policyOptions = new RetentionOptions();

  @Option(
      names = "--dry-run",
      description = "Delete nothing; report what would be deleted and why.")
  private boolean dryRun;

  @Override
  protected int run() throws Exception {
    PluginRegistry plugins = PluginRegistry.discover();
    ReplicaOptions.Chosen chosen = source.choose(plugins);
    StreamConfig config = chosen.config();
    RetentionConfig policy = policyOptions.policy(config == null ? null : config.retention());
    ReplicaReport report = new ReplicaReport(this, "");
    for (ReplicaConfig replica : chosen.replicas()) {
      report.add(
          replica,
          (opened, heading, entry) -> prune(new ReplicaArchive(opened), policy, heading, entry));
    }
    if (json) {
      print(new JsonObject().with("dryRun", dryRun).with("replicas", report.entries()));
    }
    return report.ok() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void prune(
      ReplicaArchive archive, RetentionConfig policy, String heading, JsonObject entry)
      throws IOException {
    Instant now = Instant.now();
    RetentionPlan plan = RetentionPlanner.plan(archive.list(), policy, now, now);
    entry.put("countedTo", ValueFormat.iso(plan.countedTo()));
    entry.put("notes", plan.notes());
    if (json) {
      entry.put("generations", plan.generations().stream().map(PruneCommand::tree).toList());
    } else {
      show(heading, plan);
    }
    List<ArtefactVerdict> going = plan.going();
    entry.put("deletedObjects", 0);
    entry.put("deletedBytes", 0L);
    if (!dryRun) {
      ReplicaPruning.delete(archive, plan);
      entry.put("deletedObjects", going.size());
      entry.put("deletedBytes", size(going));
      if (!going.isEmpty()) {
        line("  deleted");
      }
    }
  }

  private static long size(List<ArtefactVerdict> verdicts) {
    return verdicts.stream().mapToLong(verdict -> verdict.artefact().size()).sum();
  }

  private static JsonObject tree(GenerationVerdicts generation) {
    return new JsonObject()
        .with("id", generation.id().value())
        .with("going", each(generation.going(), PruneCommand::tree))
        .with("goingBytes", size(generation.going()))
        .with("staying", each(generation.staying(), PruneCommand::tree))
        .with("stayingBytes", size(generation.staying()))
        .with("restorable", generation.restorable().stream().map(StateFormat::document).toList());
  }

  private static JsonObject tree(ArtefactVerdict verdict) {
    return new JsonObject()
        .with("key", verdict.artefact().key().value())
        .with("size", verdict.artefact().size())
        .with("storedAt", verdict.artefact().storedAt().toString())
        .with("reason", verdict.reason());
  }

  private void show(String heading, RetentionPlan plan) {
    out().println(heading);
    plan.notes().forEach(note -> out().println("  note: " + note));
    if (plan.generations().isEmpty()) {
      out().println("  nothing");
      return;
    }
    for (GenerationVerdicts generation : plan.generations()) {
      out().println("  generation " + generation.id());
      showByReason(dryRun ? "would go" : "goes", generation.going());
      showByReason("stays", generation.staying());
      out().println("    restorable  " + restorable(generation.restorable()));
    }
    List<ArtefactVerdict> going = plan.going();
    List<ArtefactVerdict> staying =
        plan.generations().stream().flatMap(one -> one.staying().stream()).toList();
    out()
        .printf(
            "  %s %s, %s; %s stay, %s%n",
            ValueFormat.count(going.size(), "object"),
            dryRun ? "would go" : going.size() == 1 ? "goes" : "go",
            ValueFormat.bytes(size(going)),
            ValueFormat.count(staying.size()),
            ValueFormat.bytes(size(staying)));
  }

  private static String restorable(List<TxRange> runs) {
    if (runs.isEmpty()) {
      return "nothing";
    }
    List<String> texts =
        runs.stream().map(run -> ValueFormat.range(run.first(), run.last())).toList();
    return "transactions " + String.join(", ", texts);
  }

  /** One line for all artefacts of a kind that have the same reason. */
  private void showByReason(String what, List<ArtefactVerdict> verdicts) {
    Map<String, List<ArtefactVerdict>> groups = new LinkedHashMap<>();
    for (ArtefactVerdict verdict : verdicts) {
      String group = kind(verdict.artefact()) + "\n" + verdict.reason();
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(verdict);
    }
    groups.forEach(
        (group, members) -> {
          String[] parts = group.split("\n", 2);
          out()
              .printf(
                  "    %-9s  %s, %s: %s%n",
                  what,
                  ValueFormat.count(members.size(), parts[0]),
                  ValueFormat.bytes(size(members)),
                  parts[1]);
        });
  }

  private static String kind(ArtefactDescriptor artefact) {
    if (artefact instanceof SegmentDescriptor segment) {
      return segment.level() == 0 ? "segment" : "level " + segment.level() + " segment";
    }
    return "snapshot";
  }
}
