package dev.stream.cli.inspect;

import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReplicaReport;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.GenerationOption;
import dev.stream.cli.option.MomentParser;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.JsonObject;
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
import java.util.List;
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
          + " are apart. With a moment it shows which state a restore would yield, and the states"
          + " before and after it. Times are those of the machine that captured. Of each replica it"
          + " reads a few small pieces. Ends with 1 also if no replica has a state at the moment."
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
      description =
          "Show every segment. Without it, only the first and the last ones are shown. JSON always"
              + " has all.")
  private boolean all;

  @Option(
      names = "--at",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "TIME",
      description = {
        "Show what can be restored by time; with TIME, at this moment.",
        MomentParser.FORMS
      })
  private @Nullable String at;

  private boolean found;

  @Override
  protected int run() throws Exception {
    GenerationId wanted = GenerationOption.parse(generation);
    Instant moment =
        at == null || at.isEmpty() ? null : MomentParser.parse("--at", at, Instant.now());
    ReplicaReport report = new ReplicaReport(this, " cannot be listed");
    for (ReplicaConfig config : source.choose(PluginRegistry.discover()).replicas()) {
      report.add(
          config,
          (replica, heading, entry) -> {
            ReplicaArchive archive = new ReplicaArchive(replica);
            if (at == null) {
              list(archive, wanted, heading, entry);
            } else {
              listByTime(archive, wanted, moment, heading, entry);
            }
          });
    }
    int exit = report.finish();
    if (exit != ExitCode.DONE || found || (moment == null && wanted == null)) {
      return exit;
    }
    if (moment == null) { // The report of a moment says itself why there is no state.
      err().println("stream: there is no generation " + wanted);
    }
    return ExitCode.FAILED;
  }

  private void listByTime(
      ReplicaArchive archive,
      @Nullable GenerationId wanted,
      @Nullable Instant moment,
      String heading,
      JsonObject entry)
      throws IOException {
    ReachReport reach = ReachReport.read(archive, wanted, moment);
    found |= reach.found();
    reach.describe(entry);
    line(heading);
    reach.show(this);
  }

  private void list(
      ReplicaArchive archive, @Nullable GenerationId wanted, String heading, JsonObject entry)
      throws IOException {
    ArchiveListing listing = wanted == null ? archive.list() : archive.list(wanted);
    found |= !listing.generations().isEmpty();
    Timeline timeline = Timeline.of(archive, listing);
    if (json) {
      entry.put(
          "generations", listing.generations().stream().map(one -> tree(one, timeline)).toList());
      entry.put("pins", listing.pins().stream().map(StateFormat::document).toList());
    } else {
      show(heading, listing, timeline);
    }
  }

  private static RestoreDecision newest(GenerationListing generation) {
    return RestorePlanner.plan(
        new ArchiveListing(List.of(generation)), new RestoreTarget.Newest(generation.id(), false));
  }

  /**
   * How often transactions of a generation were captured as one, which the names of artefacts do
   * not show.
   *
   * @param count null if it could not be read
   * @param line the same as text; empty if it never happened
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
            null,
            "whether transactions were captured as one cannot be read: " + ErrorMessage.of(e));
      }
    }
  }

  private static JsonObject tree(GenerationListing generation, Timeline timeline) {
    JsonObject tree =
        new JsonObject()
            .with("id", generation.id().value())
            .with("bornAt", generation.id().bornAt().toString())
            .with("size", size(generation.artefacts()));
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

  private static JsonObject snapshot(SnapshotDescriptor one) {
    return artefact(new JsonObject().with("txId", one.txId()), one);
  }

  private static JsonObject segment(SegmentDescriptor one) {
    JsonObject range =
        new JsonObject()
            .with("level", one.level())
            .with("firstTxId", one.firstTxId())
            .with("lastTxId", one.lastTxId());
    return artefact(range, one);
  }

  private static JsonObject artefact(JsonObject range, ArtefactDescriptor artefact) {
    return range
        .with("key", artefact.key().value())
        .with("size", artefact.size())
        .with("storedAt", artefact.storedAt().toString());
  }

  private static long size(List<? extends ArtefactDescriptor> artefacts) {
    return artefacts.stream().mapToLong(ArtefactDescriptor::size).sum();
  }

  private void show(String heading, ArchiveListing listing, Timeline timeline) {
    out().println(heading);
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
