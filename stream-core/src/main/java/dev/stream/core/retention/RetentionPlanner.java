package dev.stream.core.retention;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.CheapestPaths;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.chain.StateSet;
import dev.stream.core.chain.WiderSegments;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.state.PinDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a replica may lose: a pure function of its listing, the configuration and a time.
 *
 * <p>What can be restored afterwards:
 *
 * <ul>
 *   <li>the database as it was at any time of the last {@code snapshotRetention}, at the ends of
 *       the segments that stay; how fine these are at which age is what {@code segmentRetention}
 *       says,
 *   <li>the newest state, and all that was stored within the first of {@code segmentRetention},
 *   <li>every pinned state.
 * </ul>
 *
 * <p>A state is kept that first duration longer than promised, so that a restore which has begun
 * can end. As a safety net, what goes by the rules stays if a state that is to be kept could not be
 * reached without it.
 */
public final class RetentionPlanner {

  private final ArchiveListing listing;
  private final RetentionConfig policy;
  private final Instant trustedNow;
  private final Instant wallNow;
  private ArtefactAges ages;
  private final Duration grace;
  private final Duration window;

  // By the descriptors of the listing themselves: to compare half a million takes time and room.
  private final IdentityHashMap<ArtefactDescriptor, String> goes = new IdentityHashMap<>();
  private final IdentityHashMap<ArtefactDescriptor, String> stays = new IdentityHashMap<>();
  private final Set<ArtefactDescriptor> pinned = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, String> rules = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  private RetentionPlanner(
      ArchiveListing listing, RetentionConfig policy, Instant trustedNow, Instant wallNow) {
    this.listing = listing;
    this.policy = policy;
    this.trustedNow = trustedNow;
    this.wallNow = wallNow;
    this.ages = ArtefactAges.in(listing, trustedNow, wallNow);
    this.grace = policy.segmentRetention().get(0);
    this.window = policy.snapshotRetention().plus(grace);
  }

  /**
   * Plans.
   *
   * @param listing what is on the replica
   * @param trustedNow a time that is not in the future: that of a {@link CautiousClock}. Nothing
   *     ages beyond it
   * @param wallNow the time as this machine's clock shows it; what was stored later by the store's
   *     clock has a wrong time
   */
  public static RetentionPlan plan(
      ArchiveListing listing, RetentionConfig policy, Instant trustedNow, Instant wallNow) {
    RetentionPlanner planner = new RetentionPlanner(listing, policy, trustedNow, wallNow);
    Instant countedTo = planner.ages.now();
    planner.keepPins();
    if (countedTo != null) {
      planner.decide();
    } else if (!listing.generations().isEmpty()) {
      planner.notes.add(
          "nothing is deleted: by the store's clock everything was stored later than "
              + wallNow.plus(ArtefactAges.SKEW)
              + ", so that one of the two clocks must be wrong");
    }
    return planner.result(countedTo);
  }

  /** Until nothing more goes: what went may be what kept something else. */
  private void decide() {
    int before;
    do {
      before = goes.size();
      List<GenerationListing> left =
          listing.generations().stream()
              .map(this::remaining)
              .filter(generation -> !generation.artefacts().isEmpty())
              .toList();
      ages = ArtefactAges.in(new ArchiveListing(left), trustedNow, wallNow);
      SnapshotThinning thinning =
          new SnapshotThinning(policy.snapshotRetention(), grace, policy.snapshotInterval(), ages);
      for (GenerationListing generation : left) {
        StateGraph graph = new StateGraph(generation);
        thinning.superfluous(generation).forEach(this::release);
        releaseCovered(generation, graph);
        rescue(generation, graph.reachable());
      }
      releaseBefore(base());
    } while (goes.size() > before);
  }

  private void release(ArtefactDescriptor artefact, String reason) {
    if (!pinned.contains(artefact) && ages.of(artefact).compareTo(grace) >= 0) {
      goes.put(artefact, reason);
    }
  }

  private void keepPins() {
    for (PinDescriptor pin : listing.pins()) {
      Optional<RestorePlan> path =
          listing
              .generation(pin.generation())
              .flatMap(generation -> new StateGraph(generation).path(pin.txId(), List.of()));
      if (path.isEmpty()) {
        notes.add(
            "the pin \""
                + pin.name()
                + "\" keeps nothing: transaction "
                + pin.txId()
                + " of generation "
                + pin.generation()
                + " cannot be restored");
        continue;
      }
      List<ArtefactDescriptor> needed = new ArrayList<>(path.get().segments());
      needed.add(path.get().snapshot());
      for (ArtefactDescriptor artefact : needed) {
        pinned.add(artefact);
        stays.put(artefact, "is needed by the pin \"" + pin.name() + "\"");
      }
    }
  }

  /**
   * Narrow segments whose time is up, and whose pages a wider one has. One that stands in a window
   * alone is not merged: it serves as it is on the next levels too, and stays as long as they do.
   *
   * <p>The time of a segment begins when the next one is stored: until then the state to which it
   * leads is what the database was, and it may be asked for by any moment in between.
   *
   * <p>A wider one that cannot be used replaces none. Where a snapshot has the state to which it
   * leads, nothing but the moments in between would tell that commits are missing.
   */
  private void releaseCovered(GenerationListing generation, StateGraph graph) {
    WiderSegments wider =
        new WiderSegments(
            generation.segments().stream()
                .filter(segment -> graph.reachable().contains(segment.parentTxId()))
                .toList());
    for (SegmentDescriptor segment : generation.segments()) {
      SegmentDescriptor cover =
          wider.over(segment.level(), segment.firstTxId(), segment.lastTxId());
      if (cover == null) {
        stays.putIfAbsent(segment, "no wider segment that can be used covers it");
        continue;
      }
      int level = cover.level() - 1;
      if (level >= policy.segmentRetention().size()) {
        continue;
      }
      Duration limit = policy.segmentRetention().get(level);
      Duration since = ageOfNext(generation.segments(), segment);
      boolean due =
          since != null
              && since.compareTo(limit.plus(grace)) >= 0
              && ages.of(cover).compareTo(grace) >= 0;
      // One text for many: a replica may hold a hundred thousand segments.
      String rule =
          rules.computeIfAbsent(
              "segments of level "
                  + level
                  + (segment.level() == level ? "" : ", as which it serves,")
                  + " stay for "
                  + DurationText.duration(limit)
                  + (due ? ", and a wider one covers it" : ""),
              text -> text);
      if (due) {
        release(segment, rule);
      } else {
        stays.putIfAbsent(segment, rule);
      }
    }
  }

  /** How long ago a segment that begins where one ends was stored first; null if there is none. */
  private @Nullable Duration ageOfNext(
      List<SegmentDescriptor> ascending, SegmentDescriptor segment) {
    Duration oldest = null;
    long next = segment.lastTxId() + 1;
    for (int i = GenerationListing.firstFrom(ascending, next);
        i < ascending.size() && ascending.get(i).firstTxId() == next;
        i++) {
      Duration age = ages.of(ascending.get(i));
      oldest = oldest == null || age.compareTo(oldest) > 0 ? age : oldest;
    }
    return oldest;
  }

  /** Takes back what went if a state that is to be kept could not be reached any more. */
  private void rescue(GenerationListing generation, StateSet before) {
    StateSet after = new StateGraph(remaining(generation)).reachable();
    StateSet segmentEnds =
        StateSet.of(generation.segments().stream().mapToLong(SegmentDescriptor::lastTxId));
    LongStream kept =
        generation.artefacts().stream()
            .filter(one -> !goes.containsKey(one) || !segmentEnds.contains(one.lastTxId()))
            .mapToLong(ArtefactDescriptor::lastTxId);
    LongStream newest = before.isEmpty() ? LongStream.empty() : LongStream.of(before.last());
    StateSet wanted =
        StateSet.of(
            LongStream.concat(kept, newest)
                .filter(state -> before.contains(state) && !after.contains(state)));
    if (wanted.isEmpty()) {
      return;
    }
    keepFewest(generation, wanted);
  }

  /** Takes back the fewest artefacts such that states can be reached, the oldest of them first. */
  private void keepFewest(GenerationListing generation, StateSet wanted) {
    List<ArtefactDescriptor> byState = new ArrayList<>(generation.artefacts());
    byState.sort(Comparator.comparingLong(ArtefactDescriptor::lastTxId));
    CheapestPaths paths =
        new CheapestPaths(StateSet.of(byState.stream().mapToLong(ArtefactDescriptor::lastTxId)));
    for (int i = 0; i < byState.size(); i++) {
      ArtefactDescriptor artefact = byState.get(i);
      long state = artefact.lastTxId();
      paths.add(artefact, goes.containsKey(artefact) ? 1 : 0);
      boolean complete = i + 1 == byState.size() || byState.get(i + 1).lastTxId() > state;
      if (complete && wanted.contains(state)) {
        for (ArtefactDescriptor one : paths.settle(state)) {
          if (goes.remove(one) != null) {
            stays.put(one, "is the only way to transaction " + state);
          }
        }
      }
    }
  }

  private GenerationListing remaining(GenerationListing generation) {
    return new GenerationListing(
        generation.id(),
        generation.snapshots().stream().filter(one -> !goes.containsKey(one)).toList(),
        generation.segments().stream().filter(one -> !goes.containsKey(one)).toList());
  }

  /** The newest snapshot from which the whole window can be restored; null if none is that old. */
  private @Nullable SnapshotDescriptor base() {
    for (int i = listing.generations().size() - 1; i >= 0; i--) {
      GenerationListing left = remaining(listing.generations().get(i));
      List<SnapshotDescriptor> snapshots = left.snapshots();
      StateGraph graph = new StateGraph(left);
      for (int j = snapshots.size() - 1; j >= 0; j--) {
        SnapshotDescriptor snapshot = snapshots.get(j);
        if (ages.of(snapshot).compareTo(window) >= 0 && leadsOn(left, graph, snapshot)) {
          return snapshot;
        }
      }
    }
    return null;
  }

  /**
   * Whether all that can be restored from a transaction on needs nothing from before it, and no
   * commits would be missing in between that are not now: a wide segment may span snapshots, and is
   * of no use without the state that it builds on.
   */
  private static boolean leadsOn(
      GenerationListing left, StateGraph graph, SnapshotDescriptor base) {
    GenerationListing from =
        new GenerationListing(
            left.id(),
            left.snapshots().stream().filter(one -> one.txId() >= base.txId()).toList(),
            left.segments().stream().filter(one -> one.parentTxId() >= base.txId()).toList());
    return new StateGraph(from).replaces(graph, base.txId());
  }

  private void releaseBefore(@Nullable SnapshotDescriptor base) {
    if (base == null) {
      return;
    }
    stays.putIfAbsent(
        base,
        "is the newest snapshot from before the window of "
            + DurationText.duration(policy.snapshotRetention())
            + ", which is restored from here on");
    String reason =
        "is from before the snapshot at transaction "
            + base.txId()
            + (listing.generations().size() > 1 ? " of generation " + base.generation() : "")
            + ", from which the whole window of "
            + DurationText.duration(policy.snapshotRetention())
            + " can be restored";
    for (GenerationListing generation : listing.generations()) {
      int order = generation.id().compareTo(base.generation());
      for (ArtefactDescriptor artefact : generation.artefacts()) {
        boolean before =
            order < 0
                || (order == 0 && artefact.lastTxId() <= base.txId() && !artefact.equals(base));
        if (before) {
          release(artefact, reason);
        }
      }
    }
  }

  private RetentionPlan result(@Nullable Instant countedTo) {
    List<GenerationVerdicts> generations = new ArrayList<>();
    for (GenerationListing generation : listing.generations()) {
      OptionalLong newest =
          generation.snapshots().stream().mapToLong(SnapshotDescriptor::txId).max();
      List<ArtefactVerdict> verdicts = new ArrayList<>();
      for (ArtefactDescriptor artefact : generation.artefacts()) {
        String why = goes.get(artefact);
        verdicts.add(
            why != null
                ? new ArtefactVerdict(artefact, true, why)
                : new ArtefactVerdict(artefact, false, reasonToStay(artefact, newest)));
      }
      verdicts.sort(Comparator.comparingLong(verdict -> verdict.artefact().lastTxId()));
      generations.add(new GenerationVerdicts(generation.id(), verdicts));
    }
    Instant newest =
        listing.generations().stream()
            .flatMap(generation -> generation.artefacts().stream())
            .map(ArtefactDescriptor::storedAt)
            .max(Instant::compareTo)
            .orElse(null);
    boolean settled = newest == null || newest.equals(countedTo);
    return new RetentionPlan(countedTo, settled, generations, notes);
  }

  private String reasonToStay(ArtefactDescriptor artefact, OptionalLong newestSnapshot) {
    String reason = stays.get(artefact);
    if (reason != null) {
      return reason;
    }
    if (artefact instanceof SnapshotDescriptor snapshot
        && newestSnapshot.isPresent()
        && snapshot.txId() == newestSnapshot.getAsLong()) {
      return "is the newest snapshot of its generation";
    }
    return "is within the window of " + DurationText.duration(policy.snapshotRetention());
  }
}
