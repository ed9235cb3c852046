package dev.stream.cli.inspect;

import dev.stream.api.replica.ReplicaException;
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
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replica can restore by time.
 *
 * @param reach what is reachable, by generation; empty if a moment was asked for
 * @param moment the moment that was asked for; null for none
 * @param answer what can be had of it; null if none was asked for
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

  /** Reads it; artefacts may be deleted meanwhile. */
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

  /** Whether there is what was asked for. */
  boolean found() {
    return answer == null ? !reach.isEmpty() : problem() == null;
  }

  private @Nullable String problem() {
    return answer != null && answer.decision() instanceof RestorePlanProblem problem
        ? problem.message()
        : null;
  }

  void show(PrintWriter out) {
    TimelineAnswer at = answer;
    if (at == null) {
      if (reach.isEmpty()) {
        out.println("  nothing can be restored");
      }
      reach.forEach(generation -> show(out, generation));
    } else {
      String problem = problem();
      out.println(
          problem == null
              ? "  at " + moment + ": " + named(at.state())
              : "  at " + moment + ": no state; " + problem);
      line(out, "before it", problem == null ? before : at.state());
      line(out, "after it", at.after());
      CatchUpMark unseen = at.unseen();
      if (unseen != null) {
        out.printf(
            "    between: transactions %s were captured as one, since %s; their states from %s on"
                + " cannot be restored%n",
            ValueFormat.range(unseen.firstTxId(), unseen.txId()),
            unseen.reason(),
            ValueFormat.time(unseen.since()));
      }
    }
    problems.forEach(problem -> out.println("  note: " + problem));
  }

  private static void line(PrintWriter out, String where, @Nullable ReachableState state) {
    if (state != null) {
      out.println("    " + where + ": " + named(state));
    }
  }

  private static String named(@Nullable ReachableState state) {
    return state == null ? "none" : state + ", generation " + state.generation();
  }

  private static void show(PrintWriter out, ReachableRange generation) {
    out.printf(
        "  generation %s: %s%n",
        generation.generation(), ValueFormat.count(generation.states(), "state"));
    long reached = -1;
    for (Stretch stretch : generation.stretches()) {
      if (reached >= 0 && stretch.first().txId() != reached) {
        out.printf(
            "    … transactions %s are missing%n",
            ValueFormat.range(reached + 1, stretch.first().txId()));
      }
      reached = stretch.last().txId();
      if (stretch.steps() == 0) {
        out.println("    " + stretch.first() + ", alone");
        continue;
      }
      out.printf(
          "    %s to %s: %s%s%s%n",
          stretch.first(),
          stretch.last(),
          ValueFormat.count(stretch.steps(), "step"),
          stretch.average() == null
              ? " (the clock was set back)"
              : ", " + ValueFormat.duration(stretch.average()) + " each on average",
          stretch.level() == 0 ? "" : ", level " + stretch.level());
    }
  }

  void describe(Map<String, @Nullable Object> entry) {
    TimelineAnswer at = answer;
    if (at == null) {
      entry.put("reach", reach.stream().map(ReachReport::tree).toList());
    } else {
      Map<String, @Nullable Object> tree = new LinkedHashMap<>();
      tree.put("moment", ValueFormat.iso(moment));
      tree.put("state", problem() == null ? StateFormat.document(at.state()) : null);
      tree.put("problem", problem());
      tree.put("before", StateFormat.document(problem() == null ? before : at.state()));
      tree.put("after", StateFormat.document(at.after()));
      tree.put("unseen", tree(at.unseen()));
      entry.put("at", tree);
    }
    entry.put("problems", problems);
  }

  private static @Nullable Map<String, @Nullable Object> tree(@Nullable CatchUpMark unseen) {
    if (unseen == null) {
      return null;
    }
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("firstTxId", unseen.firstTxId());
    tree.put("lastTxId", unseen.txId());
    tree.put("since", ValueFormat.iso(unseen.since()));
    tree.put("reason", unseen.reason());
    return tree;
  }

  private static Map<String, @Nullable Object> tree(ReachableRange generation) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("generation", generation.generation().value());
    tree.put("states", generation.states());
    tree.put("stretches", generation.stretches().stream().map(ReachReport::tree).toList());
    return tree;
  }

  private static Map<String, @Nullable Object> tree(Stretch stretch) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("firstTxId", stretch.first().txId());
    tree.put("firstCommittedAt", ValueFormat.iso(stretch.first().committedAt()));
    tree.put("lastTxId", stretch.last().txId());
    tree.put("lastCommittedAt", ValueFormat.iso(stretch.last().committedAt()));
    tree.put("steps", stretch.steps());
    tree.put("level", stretch.level());
    tree.put("averageMillis", stretch.average() == null ? null : stretch.average().toMillis());
    return tree;
  }
}
