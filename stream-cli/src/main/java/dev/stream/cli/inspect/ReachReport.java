package dev.stream.cli.inspect;

import dev.stream.api.replica.ReplicaException;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.StateFormat;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.CatchUpMark;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.timeline.ReachableRange;
import dev.stream.core.timeline.ReachableRange.Stretch;
import dev.stream.core.timeline.Timeline;
import dev.stream.core.timeline.TimelineAnswer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica can restore by time.
 *
 * @param reach what can be restored, by generation; empty if a moment was asked for
 * @param moment the moment that was asked for; null for none
 * @param answer the state at the moment, and those beside it; null if no moment was asked for
 * @param before the state before the one that would be restored; null for none
 * @param problems what is wrong with headers that were read
 */
record ReachReport(
    List<ReachableRange> reach,
    @Nullable Instant moment,
    @Nullable TimelineAnswer answer,
    @Nullable ReachableState before,
    List<String> problems) {

  private static final int MAX_LISTINGS = 4;

  /** Reads the report. Artefacts may be deleted meanwhile; it then begins again. */
  static ReachReport read(
      ReplicaArchive archive, @Nullable GenerationId generation, @Nullable Instant moment)
      throws IOException {
    for (int listings = 1; ; listings++) {
      ArchiveListing listing = generation == null ? archive.list() : archive.list(generation);
      try {
        return read(Timeline.of(archive, listing), moment);
      } catch (ReplicaException e) {
        if (e.reason() != ReplicaException.Reason.NOT_FOUND || listings == MAX_LISTINGS) {
          throw e;
        }
      }
    }
  }

  private static ReachReport read(Timeline timeline, @Nullable Instant moment) throws IOException {
    if (moment == null) {
      return new ReachReport(timeline.reach(), null, null, null, timeline.problems());
    }
    TimelineAnswer answer = timeline.at(new RestoreTarget.Moment(null, moment));
    ReachableState state = answer.state();
    ReachableState before =
        state == null ? null : timeline.before(state.generation(), state.txId());
    return new ReachReport(List.of(), moment, answer, before, timeline.problems());
  }

  /** Whether anything can be restored that was asked for. */
  boolean found() {
    return answer == null ? !reach.isEmpty() : problem() == null;
  }

  private @Nullable String problem() {
    return answer != null && answer.decision() instanceof RestorePlanProblem problem
        ? problem.message()
        : null;
  }

  void show(ReportCommand command) {
    TimelineAnswer at = answer;
    if (at == null) {
      if (reach.isEmpty()) {
        command.line("  nothing can be restored");
      }
      reach.forEach(generation -> show(command, generation));
    } else {
      String problem = problem();
      command.line(
          problem == null
              ? "  at " + moment + ": " + named(at.state())
              : "  at " + moment + ": no state; " + problem);
      line(command, "before it", problem == null ? before : at.state());
      line(command, "after it", at.after());
      CatchUpMark unseen = at.unseen();
      if (unseen != null) {
        command.line(
            String.format(
                "    between: transactions %s were captured as one, since %s; their states from %s"
                    + " on cannot be restored",
                ValueFormat.range(unseen.firstTxId(), unseen.txId()),
                unseen.reason(),
                ValueFormat.time(unseen.since())));
      }
    }
    problems.forEach(problem -> command.line("  note: " + problem));
  }

  private static void line(ReportCommand command, String where, @Nullable ReachableState state) {
    if (state != null) {
      command.line("    " + where + ": " + named(state));
    }
  }

  private static String named(@Nullable ReachableState state) {
    return state == null ? "none" : state + ", generation " + state.generation();
  }

  private static void show(ReportCommand command, ReachableRange generation) {
    command.line(
        String.format(
            "  generation %s: %s",
            generation.generation(), ValueFormat.count(generation.states(), "state")));
    long reached = -1;
    for (Stretch stretch : generation.stretches()) {
      if (reached >= 0 && stretch.first().txId() != reached) {
        command.line(
            String.format(
                "    … transactions %s are missing",
                ValueFormat.range(reached + 1, stretch.first().txId())));
      }
      reached = stretch.last().txId();
      if (stretch.steps() == 0) {
        command.line("    " + stretch.first() + ", alone");
        continue;
      }
      command.line(
          String.format(
              "    %s to %s: %s%s%s",
              stretch.first(),
              stretch.last(),
              ValueFormat.count(stretch.steps(), "step"),
              stretch.average() == null
                  ? " (the clock was set back)"
                  : ", " + ValueFormat.duration(stretch.average()) + " each on average",
              stretch.level() == 0 ? "" : ", level " + stretch.level()));
    }
  }

  void describe(JsonObject entry) {
    TimelineAnswer at = answer;
    if (at == null) {
      entry.put("reach", reach.stream().map(ReachReport::tree).toList());
    } else {
      JsonObject tree =
          new JsonObject()
              .with("moment", ValueFormat.iso(moment))
              .with("state", problem() == null ? StateFormat.document(at.state()) : null)
              .with("problem", problem())
              .with("before", StateFormat.document(problem() == null ? before : at.state()))
              .with("after", StateFormat.document(at.after()))
              .with("unseen", tree(at.unseen()));
      entry.put("at", tree);
    }
    entry.put("problems", problems);
  }

  private static @Nullable JsonObject tree(@Nullable CatchUpMark unseen) {
    if (unseen == null) {
      return null;
    }
    return new JsonObject()
        .with("firstTxId", unseen.firstTxId())
        .with("lastTxId", unseen.txId())
        .with("since", ValueFormat.iso(unseen.since()))
        .with("reason", unseen.reason());
  }

  private static JsonObject tree(ReachableRange generation) {
    return new JsonObject()
        .with("generation", generation.generation().value())
        .with("states", generation.states())
        .with("stretches", generation.stretches().stream().map(ReachReport::tree).toList());
  }

  private static JsonObject tree(Stretch stretch) {
    return new JsonObject()
        .with("firstTxId", stretch.first().txId())
        .with("firstCommittedAt", ValueFormat.iso(stretch.first().committedAt()))
        .with("lastTxId", stretch.last().txId())
        .with("lastCommittedAt", ValueFormat.iso(stretch.last().committedAt()))
        .with("steps", stretch.steps())
        .with("level", stretch.level())
        .with("averageMillis", stretch.average() == null ? null : stretch.average().toMillis());
  }
}
