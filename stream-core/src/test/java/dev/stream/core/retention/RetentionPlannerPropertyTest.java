package dev.stream.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.chain.WiderSegments;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.retention.SimulatedStore.Fault;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds plans over random hours against what was promised, which is told here in other words. */
class RetentionPlannerPropertyTest {

  private static final int RUNS =
      "nightly".equals(System.getProperty("stream.test.scale")) ? 100 : 2;

  private String seed = "";
  private SimulatedStore store;
  private RetentionConfig policy;

  /** A state of the database. */
  private record State(GenerationId generation, long txId) implements Comparable<State> {
    @Override
    public int compareTo(State other) {
      int order = generation.compareTo(other.generation);
      return order != 0 ? order : Long.compare(txId, other.txId);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPromisedCanBeRestored(Fault fault) {
    for (int run = 0; run < RUNS; run++) {
      String given = System.getProperty("stream.test.seed", "");
      long number = given.isEmpty() ? System.nanoTime() + run : Long.parseLong(given);
      seed = "stream.test.seed=" + number + ", " + fault;
      System.out.println(seed);
      Random random = new Random(number);
      store = new SimulatedStore(random, fault, widths(random));
      policy = policy(random);
      for (int round = 0; round < 20; round++) {
        store.run(Duration.ofMinutes(5 + random.nextInt(60)));
        pinSomething(random, round);
        prune(random, fault);
      }
      if (fault == Fault.NONE) {
        assertNothingIsHoarded();
      }
    }
  }

  private static List<Duration> widths(Random random) {
    return List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(30))
        .subList(0, random.nextInt(4));
  }

  private static RetentionConfig policy(Random random) {
    List<Duration> stay = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      stay.add(Duration.ofMinutes(5 + random.nextInt(120)));
    }
    Collections.sort(stay);
    Duration window = Duration.ofMinutes(60 + random.nextInt(300));
    Duration apart = random.nextBoolean() ? null : Duration.ofMinutes(5 + random.nextInt(600));
    return new RetentionConfig(window, Duration.ofMinutes(30), stay, apart);
  }

  /** How far apart snapshots are kept. */
  private Duration apart() {
    Duration said = policy.snapshotInterval();
    return said == null ? policy.snapshotRetention().dividedBy(24) : said;
  }

  private void pinSomething(Random random, int round) {
    List<State> states = new ArrayList<>(reachable(store.listing()));
    if (random.nextInt(5) == 0 && !states.isEmpty()) {
      State state = states.get(random.nextInt(states.size()));
      store.pin("pin" + round, state.generation(), state.txId());
    }
    if (random.nextInt(8) == 0 && !store.pins.isEmpty()) {
      store.pins.remove(0);
    }
  }

  private void prune(Random random, Fault fault) {
    Duration late = Duration.ofSeconds(random.nextInt(3) == 0 ? random.nextInt(100_000) : 0);
    Instant trusted = store.now.minus(late);
    ArchiveListing listing = store.listing();
    RetentionPlan plan = RetentionPlanner.plan(listing, policy, trusted, store.now);
    List<ObjectKey> keys = new ArrayList<>(plan.goingKeys());
    assertThat(keys).as(seed).doesNotHaveDuplicates();
    for (ObjectKey key : keys) {
      if (fault != Fault.NONE && fault != Fault.SKEW && !key.value().contains("/segments/0/")) {
        continue; // when it was made is not known from its neighbours
      }
      Duration age = Duration.between(store.stored.get(key), store.now);
      assertThat(age).as("%s, %s", seed, key).isGreaterThanOrEqualTo(grace());
    }
    Map<ObjectKey, ArtefactDescriptor> before = new TreeMap<>(store.objects);
    if (fault == Fault.NONE && late.isZero()) {
      RetentionPlan later =
          RetentionPlanner.plan(
              listing, policy, trusted.plus(Duration.ofDays(9)), trusted.plus(Duration.ofDays(9)));
      assertThat(later.goingKeys()).as("idle does not age: " + seed).isEqualTo(keys);
    }
    store.delete(keys);
    assertPromises("all deleted");
    if (fault == Fault.NONE) {
      assertThat(RetentionPlanner.plan(store.listing(), policy, trusted, store.now).going())
          .as("again: " + seed)
          .isEmpty();
    }
    if (random.nextBoolean()) {
      Collections.shuffle(keys, random);
      store.objects.putAll(before);
      store.delete(keys.subList(0, random.nextInt(keys.size() + 1)));
      assertPromises("some deleted");
    }
  }

  private Duration grace() {
    return policy.segmentRetention().get(0);
  }

  private void assertPromises(String when) {
    String what = seed + ", " + when;
    ArchiveListing allTimes = store.listingOfAllTimes();
    NavigableSet<State> ideal = reachable(allTimes);
    NavigableSet<State> left = reachable(store.listing());
    Map<State, Instant> times = times();
    Instant begin = store.now.minus(policy.snapshotRetention());
    Set<State> missing = new HashSet<>(promised(allTimes, ideal));
    missing.removeIf(state -> times.get(state).isBefore(begin));
    missing.removeAll(left);
    assertThat(missing.stream().limit(3)).as(what).isEmpty();
    boolean older = ideal.stream().anyMatch(state -> !times.get(state).isAfter(begin));
    if (older) {
      assertThat(times.get(left.first()))
          .as("the window's begin: " + what)
          .isBeforeOrEqualTo(begin);
    }
    assertNothingIsMissingInBetween(what, begin, times, allTimes);
    assertThat(left.last()).as("the newest: " + what).isEqualTo(ideal.last());
    for (PinDescriptor pin : store.pins) {
      assertThat(left).as(what).contains(new State(pin.generation(), pin.txId()));
    }
    assertFormerGenerationsOutlive(what, begin);
  }

  /**
   * Else the states at the moments before would be refused: nobody could tell what they were. Only
   * what was lost on the way is missing between two states.
   */
  private void assertNothingIsMissingInBetween(
      String what, Instant begin, Map<State, Instant> times, ArchiveListing allTimes) {
    for (GenerationListing generation : store.listing().generations()) {
      StateGraph ideal = new StateGraph(allTimes.generation(generation.id()).orElseThrow());
      StateGraph left = new StateGraph(generation);
      for (int i = 1; i < left.reachable().size(); i++) {
        State state = new State(generation.id(), left.reachable().get(i));
        if (!left.continues(i) && times.get(state).isAfter(begin)) {
          long before = left.reachable().get(i - 1);
          assertThat(wasLost(ideal, before, state.txId()))
              .as("after %d, %s: %s", before, state, what)
              .isTrue();
        }
      }
    }
  }

  private static boolean wasLost(StateGraph ideal, long before, long after) {
    int from = ideal.reachable().indexOf(before) + 1;
    int to = ideal.reachable().indexOf(after);
    return !IntStream.rangeClosed(from, to).allMatch(ideal::continues);
  }

  private Set<State> promised(ArchiveListing allTimes, Set<State> ideal) {
    Set<State> promised = new HashSet<>();
    for (GenerationListing generation : allTimes.generations()) {
      WiderSegments wider = new WiderSegments(generation.segments());
      NavigableMap<Long, Instant> firstStored = firstStored(generation);
      Set<Long> ends = new HashSet<>();
      for (SegmentDescriptor segment : generation.segments()) {
        ends.add(segment.lastTxId());
        boolean limited =
            segment.level() < policy.segmentRetention().size()
                && wider.over(segment.level(), segment.firstTxId(), segment.lastTxId()) != null;
        Duration limit =
            limited ? policy.segmentRetention().get(segment.level()) : policy.snapshotRetention();
        promise(promised, segment, limit, firstStored);
      }
      for (SnapshotDescriptor snapshot : generation.snapshots()) {
        if (!ends.contains(snapshot.txId())) {
          promise(promised, snapshot, policy.snapshotRetention(), firstStored);
        }
      }
    }
    promised.retainAll(ideal);
    return promised;
  }

  private void promise(
      Set<State> promised,
      ArtefactDescriptor artefact,
      Duration limit,
      NavigableMap<Long, Instant> firstStored) {
    // What was merged late is as old as what it was merged from: later states were stored before.
    Instant stored = store.stored.get(artefact.key());
    Map.Entry<Long, Instant> later = firstStored.higherEntry(artefact.lastTxId());
    if (later != null && later.getValue().isBefore(stored)) {
      stored = later.getValue();
    }
    if (Duration.between(stored, store.now).compareTo(limit) <= 0) {
      promised.add(new State(artefact.generation(), artefact.lastTxId()));
    }
  }

  /** When the first artefact was stored that leads to a transaction or to a later one. */
  private NavigableMap<Long, Instant> firstStored(GenerationListing generation) {
    TreeMap<Long, Instant> first = new TreeMap<>();
    for (ArtefactDescriptor artefact : generation.artefacts()) {
      first.merge(
          artefact.lastTxId(),
          store.stored.get(artefact.key()),
          (one, other) -> one.isBefore(other) ? one : other);
    }
    Instant earliest = Instant.MAX;
    for (Map.Entry<Long, Instant> one : first.descendingMap().entrySet()) {
      earliest = one.getValue().isBefore(earliest) ? one.getValue() : earliest;
      one.setValue(earliest);
    }
    return first;
  }

  /** When each state was there for the first time. */
  private Map<State, Instant> times() {
    Map<State, Instant> times = new HashMap<>();
    store.ever.forEach(
        (key, artefact) ->
            times.merge(
                new State(artefact.generation(), artefact.lastTxId()),
                store.stored.get(key),
                (one, other) -> one.isBefore(other) ? one : other));
    return times;
  }

  private void assertFormerGenerationsOutlive(String what, Instant begin) {
    List<GenerationListing> generations = store.listingOfAllTimes().generations();
    for (int i = 0; i + 1 < generations.size(); i++) {
      SnapshotDescriptor first = generations.get(i + 1).snapshots().get(0);
      if (store.stored.get(first.key()).isAfter(begin)) {
        List<SnapshotDescriptor> former = generations.get(i).snapshots();
        assertThat(store.objects)
            .as("the last snapshot of the former generation: " + what)
            .containsKey(former.get(former.size() - 1).key());
      }
    }
  }

  /** What is neither promised nor needed is gone, or retention would be of no use. */
  private void assertNothingIsHoarded() {
    store.pins.clear();
    store.delete(RetentionPlanner.plan(store.listing(), policy, store.now, store.now).goingKeys());
    Instant newest = store.stored.values().stream().max(Instant::compareTo).orElseThrow();
    Duration slack = grace().plus(apart().multipliedBy(2)).plusMinutes(45);
    Instant begin =
        newest
            .minus(policy.snapshotRetention())
            .minus(slack)
            .minus(SimulatedStore.LONGEST_PAUSE.multipliedBy(2));
    long old =
        store.objects.keySet().stream()
            .filter(key -> store.stored.get(key).isBefore(begin))
            .count();
    assertThat(old).as("older than the window and what it begins with: " + seed).isLessThan(400);
    long snapshots =
        store.objects.values().stream().filter(SnapshotDescriptor.class::isInstance).count();
    long bound =
        policy.snapshotRetention().dividedBy(apart())
            + grace().toMinutes() / 5
            + 2L * store.listing().generations().size()
            + policy.snapshotRetention().toMinutes() / 10;
    assertThat(snapshots).as("snapshots: " + seed).isLessThan(bound + 24);
  }

  private static NavigableSet<State> reachable(ArchiveListing listing) {
    NavigableSet<State> states = new java.util.TreeSet<>();
    for (GenerationListing generation : listing.generations()) {
      for (long txId : new StateGraph(generation).reachable().stream().toArray()) {
        states.add(new State(generation.id(), txId));
      }
    }
    return states;
  }
}
