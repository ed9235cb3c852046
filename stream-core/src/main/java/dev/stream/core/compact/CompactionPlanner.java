package dev.stream.core.compact;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.shadow.SealedArtefact;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which segments become one: a pure function of the segments at hand. Immutable.
 *
 * <p>Each level above 0 has windows of its width, counted from 1970. A segment belongs to the
 * window in which its first commit was captured. What lies side by side in a window becomes one
 * segment when nothing can join it any more: something follows that is not of the window, or its
 * time has passed. So a clock that is set back ends a window, and harms nothing else. A window with
 * one segment makes nothing; that one serves the next level as it is.
 *
 * <p>Restores begin at snapshots, so no segment below the widest level leads past a <em>cut</em>, a
 * transaction of which an image was taken. One of the widest level never leads past an
 * <em>anchor</em>, the first cut in each of its windows: such a window begins with its anchor, or
 * with its first segment if it has no cut. So the run before it waits for the first cut of the next
 * window, or for that window's end. Where a window without any commit lies between, no run leads
 * across: what was the newest state for a night stays a state that can be restored.
 */
public final class CompactionPlanner {

  private static final Comparator<SealedArtefact> WIDEST_FIRST =
      Comparator.comparingLong(SealedArtefact::firstTxId)
          .thenComparing(Comparator.comparingLong(SealedArtefact::lastTxId).reversed())
          .thenComparing(Comparator.comparingInt(SealedArtefact::level).reversed());

  /** Far beyond any clock; later ones would overflow a count of microseconds. */
  private static final long LAST_SECOND = 1L << 42;

  private final List<Duration> levels;

  /**
   * A planner.
   *
   * @param levels the widths of the levels above 0, ascending; none for no merging
   */
  public CompactionPlanner(List<Duration> levels) {
    this.levels = List.copyOf(levels);
  }

  /**
   * Plans for one generation.
   *
   * @param segments what there is to work with; those that a wider one among them covers are done
   *     with. Where neighbours are missing, the run ends
   * @param cuts transactions at which an image was taken
   * @param horizon everything captured earlier is among the segments; {@link Instant#MAX} once the
   *     generation has ended
   */
  public CompactionPlan plan(
      Collection<SealedArtefact> segments, NavigableSet<Long> cuts, Instant horizon) {
    List<SealedArtefact> chain = uncovered(segments);
    Moment moment = new Moment(horizon);
    List<SegmentRun> due = new ArrayList<>();
    Set<ObjectKey> waiting = new HashSet<>();
    for (int level = 1; level <= levels.size(); level++) {
      boolean widest = level == levels.size();
      List<SegmentRun> found = new ArrayList<>();
      for (List<Group> stretch : stretches(chain, level, cuts)) {
        if (widest) {
          widest(stretch, level, moment, found, waiting);
        } else {
          for (Group group : stretch) {
            if (group.parts.size() > 1 && moment.isClosed(group, level)) {
              found.add(new SegmentRun(level, group.parts));
            }
          }
        }
      }
      if (due.isEmpty()) {
        due.addAll(found);
      }
    }
    due.forEach(run -> run.parts().forEach(part -> waiting.add(part.key())));
    return new CompactionPlan(due, waiting, due.isEmpty() ? moment.next : null);
  }

  /** The segments that no other one covers, ascending. */
  public static List<SealedArtefact> uncovered(Collection<SealedArtefact> segments) {
    List<SealedArtefact> sorted =
        segments.stream().filter(artefact -> !artefact.snapshot()).sorted(WIDEST_FIRST).toList();
    List<SealedArtefact> chain = new ArrayList<>();
    long reached = -1;
    for (SealedArtefact segment : sorted) {
      if (segment.lastTxId() > reached) {
        chain.add(segment);
        reached = segment.lastTxId();
      }
    }
    return chain;
  }

  /** Neighbouring segments of one window. */
  private static final class Group {
    private final long window;
    private final List<SealedArtefact> parts = new ArrayList<>();
    private boolean followed;
    private int anchor = -1;

    Group(long window) {
      this.window = window;
    }
  }

  /**
   * The segments below a level, without gaps in a stretch, by window. Below the widest level a cut
   * ends a group; at the widest one the first cut in a group is its anchor.
   */
  private List<List<Group>> stretches(
      List<SealedArtefact> chain, int level, NavigableSet<Long> cuts) {
    boolean widest = level == levels.size();
    List<List<Group>> stretches = new ArrayList<>();
    List<Group> stretch = new ArrayList<>();
    Group group = null;
    long end = -1;
    for (SealedArtefact segment : chain) {
      boolean below = segment.level() < level;
      boolean cut = cuts.contains(segment.firstTxId() - 1);
      boolean joins = below && segment.firstTxId() == end + 1;
      if (group != null && !joins) {
        group.followed = true;
      }
      if (!joins) {
        stretch = new ArrayList<>();
        stretches.add(stretch);
        group = null;
      }
      end = segment.lastTxId();
      if (!below) {
        end = -1;
        continue;
      }
      long window = window(segment.firstCommitAt(), level);
      if (group == null || group.window != window || (cut && !widest)) {
        if (group != null) {
          group.followed = true;
        }
        group = new Group(window);
        stretch.add(group);
      }
      if (cut && group.anchor < 0) {
        group.anchor = group.parts.size();
      }
      group.parts.add(segment);
    }
    if (group != null && !widest && cuts.contains(end)) {
      group.followed = true;
    }
    return stretches;
  }

  /** The runs from the beginning of each window to that of the next. */
  private void widest(
      List<Group> stretch,
      int level,
      Moment moment,
      List<SegmentRun> found,
      Set<ObjectKey> waiting) {
    List<SealedArtefact> run = new ArrayList<>();
    for (int i = 0; i < stretch.size(); i++) {
      Group group = stretch.get(i);
      boolean follows = i > 0 && group.window == stretch.get(i - 1).window + 1;
      if (!follows) {
        take(run, level, found, waiting);
        run = new ArrayList<>();
      }
      int begin = group.anchor;
      if (begin < 0 && (!follows || moment.isClosed(group, level))) {
        begin = 0;
      }
      if (begin < 0) {
        run.addAll(group.parts); // where it begins is open, and so where the run before it ends
      } else {
        run.addAll(group.parts.subList(0, begin));
        take(run, level, found, waiting);
        run = new ArrayList<>(group.parts.subList(begin, group.parts.size()));
      }
    }
    Group last = stretch.isEmpty() ? null : stretch.get(stretch.size() - 1);
    if (last != null && moment.isNextClosed(last, level)) {
      take(run, level, found, waiting);
    } else {
      run.forEach(segment -> waiting.add(segment.key()));
    }
  }

  private static void take(
      List<SealedArtefact> run, int level, List<SegmentRun> found, Set<ObjectKey> waiting) {
    if (run.size() > 1) {
      found.add(new SegmentRun(level, run));
      run.forEach(segment -> waiting.add(segment.key()));
    }
  }

  /** The earliest moment from which a new segment may be merged: the end of its first window. */
  Instant openUntil(SealedArtefact segment) {
    long end = (window(segment.firstCommitAt(), 1) + 1) * width(1);
    return Instant.EPOCH.plus(end, ChronoUnit.MICROS);
  }

  private long window(Instant at, int level) {
    return Math.floorDiv(micros(at), width(level));
  }

  private long width(int level) {
    return Math.max(1, levels.get(level - 1).toNanos() / 1_000);
  }

  private static long micros(Instant at) {
    long seconds = Math.max(-LAST_SECOND, Math.min(LAST_SECOND, at.getEpochSecond()));
    return seconds * 1_000_000 + at.getNano() / 1_000;
  }

  /** Which windows are over at one moment; remembers when the next one will be. */
  private final class Moment {

    private final Instant horizon;
    private @Nullable Instant next;

    Moment(Instant horizon) {
      this.horizon = horizon;
    }

    /** Whether nothing can join a group any more. */
    boolean isClosed(Group group, int level) {
      return group.followed || isPast((group.window + 1) * width(level));
    }

    /** Whether nothing can come any more in the window after a group's. */
    boolean isNextClosed(Group group, int level) {
      return group.followed || isPast((group.window + 2) * width(level));
    }

    private boolean isPast(long end) {
      if (end <= micros(horizon)) {
        return true;
      }
      Instant at = Instant.EPOCH.plus(end, ChronoUnit.MICROS);
      next = next == null || at.isBefore(next) ? at : next;
      return false;
    }
  }
}
