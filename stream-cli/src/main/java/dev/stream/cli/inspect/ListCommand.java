package dev.stream.cli.inspect;

import dev.stream.api.replica.Replica;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.FailureText;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.GenerationOption;
import dev.stream.cli.option.MomentParser;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.StateFormat;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.timeline.Timeline;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream list}. */
@Command(
    name = "list",
    description = {
      "Lists what replicas hold: generations, their snapshots and segments, with sizes, times and"
          + " the transactions in them.",
      "",
      "A restore begins with a snapshot and applies the segments that follow it. This reads the"
          + " names, and of each generation one small piece, which says how often transactions were"
          + " captured as one; 'stream verify' reads everything. Ends with 1 if a replica cannot be"
          + " listed.",
      "",
      "With --at it shows what can be restored by time: from when to when, and how far the states"
          + " are apart; or, for one moment, which state a restore would yield, and those beside"
          + " it. Times are those of the machine that captured. Of each replica it reads a few small"
          + " pieces. Ends with 1 also if no replica has a state at the moment."
    },
    footer = {
      "  stream list --config stream.json",
      "  stream list --from /backups --all",
      "  stream list --from /backups --json",
      "  stream list --config stream.json --at",
      "  stream list --config stream.json --at -10m",
      "  stream list --config stream.json --at 2026-05-01T12:00:00Z",
      "  stream list --config stream.json --replica offsite \\",
      "      --generation 0000019a8c2b4e10-5f3a9c01"
    })
public final class ListCommand extends ReportCommand {

  private static final int SHOWN_SEGMENTS = 3;

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Option(names = "--generation", paramLabel = "ID", description = "Only this generation.")
  private @Nullable String generation;

  @Option(
      names = "--all",
      description = "Every segment; without it, the first and the last ones. JSON has all.")
  private boolean all;

  @Option(
      names = "--at",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "TIME",
      description = {
        "What can be restored by time; with TIME, at this moment.",
        MomentParser.FORMS
      })
  private @Nullable String at;

  @Override
  protected int run() throws Exception {
    GenerationId wanted = GenerationOption.parse(generation);
    Instant moment =
        at == null || at.isEmpty() ? null : MomentParser.parse("--at", at, Instant.now());
    PluginRegistry plugins = PluginRegistry.discover();
    boolean ok = true;
    boolean found = false;
    List<Map<String, @Nullable Object>> replicas = new ArrayList<>();
    for (ReplicaConfig config : source.choose(plugins).replicas()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("name", config.name());
      replicas.add(entry);
      try (Replica replica = config.open()) {
        entry.put("store", replica.name());
        ReplicaArchive archive = new ReplicaArchive(replica);
        if (at != null) {
          ReachReport report = ReachReport.read(archive, wanted, moment);
          found |= report.found();
          report.describe(entry);
          if (!json) {
            out().println(heading(config.name(), replica.name()));
            report.show(out());
          }
          continue;
        }
        ArchiveListing listing = wanted == null ? archive.list() : archive.list(wanted);
        found |= !listing.generations().isEmpty();
        Timeline timeline = Timeline.of(archive, listing);
        if (json) {
          entry.put(
              "generations",
              listing.generations().stream().map(one -> tree(one, timeline)).toList());
          entry.put("pins", listing.pins().stream().map(StateFormat::document).toList());
        } else {
          show(config.name(), replica.name(), listing, timeline);
        }
      } catch (IOException e) {
        ok = false;
        cannotBeListed(config.name(), entry, e);
      }
    }
    if (json) {
      print(Map.of("replicas", replicas));
    }
    if (ok && moment != null && !found) {
      return ExitCode.FAILED; // The report says why.
    }
    if (ok && wanted != null && !found) {
      err().println("stream: there is no generation " + wanted);
      return ExitCode.FAILED;
    }
    return ok ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static RestoreDecision newest(GenerationListing generation) {
    return RestorePlanner.plan(
        new ArchiveListing(List.of(generation)), new RestoreTarget.Newest(generation.id(), false));
  }

  /**
   * How often transactions of a generation were captured as one, which names do not tell.
   *
   * @param count null if it could not be read
   * @param line for people; empty if there is nothing to tell
   */
  private record CatchUps(@Nullable Integer count, String line) {

    static CatchUps of(Timeline timeline, GenerationId generation) {
      try {
        int count = timeline.catchUps(generation).orElse(0);
        return new CatchUps(
            count,
            count == 0
                ? ""
                : "transactions were captured as one "
                    + (count == 1 ? "once" : count + " times")
                    + ": states in between cannot be restored (--at shows where)");
      } catch (IOException e) {
        return new CatchUps(
            null, "whether transactions were captured as one cannot be read: " + FailureText.of(e));
      }
    }
  }

  private static Map<String, @Nullable Object> tree(
      GenerationListing generation, Timeline timeline) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("id", generation.id().value());
    tree.put("bornAt", generation.id().bornAt().toString());
    tree.put("size", size(generation.artefacts()));
    OptionalLong newest = generation.newestTxId();
    tree.put("newestTxId", newest.isPresent() ? newest.getAsLong() : null);
    RestoreDecision decision = newest(generation);
    if (decision instanceof RestorePlan plan) {
      tree.put("restorableTxId", plan.txId());
    } else if (decision instanceof RestorePlanProblem problem) {
      OptionalLong reach = problem.recoverableTo();
      tree.put("restorableTxId", reach.isPresent() ? reach.getAsLong() : null);
      tree.put("problem", problem.message());
    }
    tree.put("catchUps", CatchUps.of(timeline, generation.id()).count());
    tree.put("snapshots", each(generation.snapshots(), ListCommand::snapshot));
    tree.put("segments", each(generation.segments(), ListCommand::segment));
    return tree;
  }

  private static Map<String, Object> snapshot(SnapshotDescriptor one) {
    return tree(one, Map.of("txId", one.txId()));
  }

  private static Map<String, Object> segment(SegmentDescriptor one) {
    Map<String, Object> range = new LinkedHashMap<>();
    range.put("level", one.level());
    range.put("firstTxId", one.firstTxId());
    range.put("lastTxId", one.lastTxId());
    return tree(one, range);
  }

  private static Map<String, Object> tree(ArtefactDescriptor artefact, Map<String, Object> range) {
    Map<String, Object> tree = new LinkedHashMap<>(range);
    tree.put("key", artefact.key().value());
    tree.put("size", artefact.size());
    tree.put("storedAt", artefact.storedAt().toString());
    return tree;
  }

  private static long size(List<? extends ArtefactDescriptor> artefacts) {
    return artefacts.stream().mapToLong(ArtefactDescriptor::size).sum();
  }

  private static String heading(String name, String store) {
    return "replica " + name + " (" + store + ")";
  }

  private void show(String name, String store, ArchiveListing listing, Timeline timeline) {
    out().println(heading(name, store));
    if (listing.generations().isEmpty()) {
      out().println("  nothing");
    }
    listing.pins().forEach(pin -> out().println("  " + StateFormat.line(pin)));
    for (GenerationListing generation : listing.generations()) {
      out()
          .printf(
              "  generation %s, born %s: %s, %s, %s%n",
              generation.id(),
              ValueFormat.time(generation.id().bornAt()),
              ValueFormat.count(generation.snapshots().size(), "snapshot"),
              ValueFormat.count(generation.segments().size(), "segment"),
              ValueFormat.bytes(size(generation.artefacts())));
      RestoreDecision decision = newest(generation);
      if (decision instanceof RestorePlan plan) {
        out().println("    can be restored up to its newest transaction " + plan.txId());
      } else if (decision instanceof RestorePlanProblem problem) {
        out().println("    cannot be restored to its newest state: " + problem.message());
      }
      String caughtUp = CatchUps.of(timeline, generation.id()).line();
      if (!caughtUp.isEmpty()) {
        out().println("    " + caughtUp);
      }
      for (SnapshotDescriptor snapshot : generation.snapshots()) {
        line("snapshot", Long.toString(snapshot.txId()), snapshot, "");
      }
      showSegments(generation.segments());
    }
  }

  private void showSegments(List<SegmentDescriptor> segments) {
    int hidden = all ? 0 : segments.size() - 2 * SHOWN_SEGMENTS;
    for (int i = 0; i < segments.size(); i++) {
      SegmentDescriptor segment = segments.get(i);
      if (hidden > 1 && i == SHOWN_SEGMENTS) {
        List<SegmentDescriptor> middle = segments.subList(i, i + hidden);
        out()
            .printf(
                "    … %s more, %s (--all shows them)%n",
                ValueFormat.count(hidden, "segment"), ValueFormat.bytes(size(middle)));
        i += hidden - 1;
        continue;
      }
      line(
          "segment",
          ValueFormat.range(segment.firstTxId(), segment.lastTxId()),
          segment,
          segment.level() == 0 ? "" : "  level " + segment.level());
    }
  }

  private void line(String kind, String range, ArtefactDescriptor artefact, String more) {
    out()
        .printf(
            "    %-8s  %-17s  %8s  %s%s%n",
            kind,
            range,
            ValueFormat.bytes(artefact.size()),
            ValueFormat.time(artefact.storedAt()),
            more);
  }
}
