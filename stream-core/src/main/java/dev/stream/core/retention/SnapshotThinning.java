package dev.stream.core.retention;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.StateSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses snapshots that only shorten the way to states which can be reached without them. Of those
 * that are no longer new, one per period stays: if nothing else is said, so that a window has a few
 * dozen.
 *
 * <p>From the one that stays the widest segment departs, if from any: a wide segment spans the
 * others, and once the narrow ones are gone nothing leads on from those. Which it is, is decided
 * when it is known for good, so that it does not matter who decides, and when.
 */
final class SnapshotThinning {

  private static final int PERIODS = 24;

  private final Duration window;
  private final Duration fresh;
  private final Duration period;
  private final ArtefactAges ages;

  /**
   * A choice.
   *
   * @param fresh age up to which snapshots are new
   * @param period how far apart the others are kept; null for a part of the window
   */
  SnapshotThinning(Duration window, Duration fresh, @Nullable Duration period, ArtefactAges ages) {
    this.window = window;
    this.fresh = fresh;
    this.ages = ages;
    Duration apart = period == null ? window.dividedBy(PERIODS) : period;
    this.period = apart.toMillis() < 1 ? Duration.ofMillis(1) : apart;
  }

  /** Those that may go, and why. */
  Map<SnapshotDescriptor, String> superfluous(GenerationListing generation) {
    StateSet starts =
        StateSet.of(generation.snapshots().stream().mapToLong(SnapshotDescriptor::txId));
    Map<Long, Integer> departing = new HashMap<>();
    int widest = 0;
    for (SegmentDescriptor segment : generation.segments()) {
      if (starts.contains(segment.parentTxId())) {
        departing.merge(segment.parentTxId(), segment.level(), Math::max);
      }
      widest = Math.max(widest, segment.level());
    }
    long decided = -1;
    for (SegmentDescriptor segment : generation.segments()) {
      if (segment.level() == widest) {
        decided = Math.max(decided, segment.lastTxId());
      }
    }
    Map<SnapshotDescriptor, String> superfluous = new LinkedHashMap<>();
    Map<Long, SnapshotDescriptor> chosen = new HashMap<>();
    List<SnapshotDescriptor> snapshots = generation.snapshots();
    for (SnapshotDescriptor snapshot : snapshots.subList(0, Math.max(0, snapshots.size() - 1))) {
      Duration age = ages.of(snapshot);
      boolean known = snapshot.txId() < decided || age.compareTo(window.dividedBy(2)) > 0;
      if (!known || age.compareTo(fresh) <= 0) {
        continue;
      }
      long at = Math.floorDiv(snapshot.storedAt().toEpochMilli(), period.toMillis());
      SnapshotDescriptor rival = chosen.get(at);
      if (rival == null) {
        chosen.put(at, snapshot);
        continue;
      }
      boolean better =
          departing.getOrDefault(snapshot.txId(), -1) > departing.getOrDefault(rival.txId(), -1);
      chosen.put(at, better ? snapshot : rival);
      superfluous.put(better ? rival : snapshot, reason());
    }
    return superfluous;
  }

  private String reason() {
    return "one snapshot per "
        + DurationText.duration(period)
        + " is enough, and its state can be reached from the one that stays";
  }
}
