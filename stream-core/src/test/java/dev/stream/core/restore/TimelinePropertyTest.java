package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.Seeds;
import dev.stream.core.fixture.TimedHistory;
import dev.stream.core.read.ChainException;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.RestoreTarget.Moment;
import dev.stream.core.timeline.Timeline;
import dev.stream.core.timeline.TimelineAnswer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The search against a look at every commit there was. */
class TimelinePropertyTest {

  private static final List<GenerationId> GENERATIONS =
      List.of(
          new GenerationId("0000019abcdef011-00000001"),
          new GenerationId("0000019abcdef012-00000001"),
          new GenerationId("0000019abcdef013-00000001"));

  /** What the oracle says: a state, and whether what follows it is lost. */
  private record Verdict(@Nullable GenerationId generation, long txId, boolean lost) {}

  @Test
  void findsExactlyWhatALookAtEveryCommitFinds() throws IOException {
    for (int round = 0; round < Seeds.rounds(1500, 100_000); round++) {
      Random random = Seeds.random("timeline", round);
      TimedHistory history = history(random);
      boolean damage = random.nextInt(3) == 0;
      if (damage) {
        for (ArtefactDescriptor artefact : history.artefacts) {
          if (random.nextInt(30) == 0) {
            history.damaged.add(artefact.key().value());
          }
        }
      }
      for (int ask = 0; ask < 12; ask++) {
        Instant at = moment(history, random);
        history.reads = 0;
        Timeline timeline = history.timeline();
        TimelineAnswer answer;
        try {
          answer = timeline.at(new Moment(null, at));
        } catch (ChainException e) {
          assertThat(history.damaged).as(Seeds.where(round)).hasSizeGreaterThan(16);
          continue;
        }
        check(history, timeline, at, answer, round);
        if (!damage) {
          assertThat(history.reads).as(Seeds.where(round)).isLessThanOrEqualTo(bound(history));
        }
      }
    }
  }

  private static void check(
      TimedHistory history, Timeline timeline, Instant at, TimelineAnswer answer, int round) {
    // What the search met and found damaged is as if it were not there.
    ArchiveListing usable = timeline.sound();
    Verdict expected = oracle(history, usable, at);
    if (expected.generation() == null) {
      assertThat(answer.decision())
          .as(Seeds.where(round))
          .isInstanceOfAny(
              RestorePlanProblem.BeforeEverything.class,
              RestorePlanProblem.NoSnapshot.class,
              RestorePlanProblem.NothingThere.class);
      if (answer.decision() instanceof RestorePlanProblem.BeforeEverything problem) {
        assertThat(problem.oldest().committedAt())
            .as(Seeds.where(round))
            .isEqualTo(oldest(history, usable));
      }
      return;
    }
    assertThat(answer.state().generation()).as(Seeds.where(round)).isEqualTo(expected.generation());
    assertThat(answer.state().txId()).as(Seeds.where(round)).isEqualTo(expected.txId());
    assertThat(answer.state().committedAt())
        .as(Seeds.where(round))
        .isEqualTo(history.clock(expected.generation(), expected.txId()).lastCommitAt());
    assertThat(answer.decision() instanceof RestorePlanProblem.LostMoment)
        .as(Seeds.where(round))
        .isEqualTo(expected.lost());
    if (answer.decision() instanceof RestorePlan plan) {
      assertThat(plan.txId()).as(Seeds.where(round)).isEqualTo(expected.txId());
      assertThat(plan.generation()).as(Seeds.where(round)).isEqualTo(expected.generation());
    }
    ReachableState after = answer.after();
    if (after != null && after.generation().equals(expected.generation())) {
      assertThat(after.txId())
          .as(Seeds.where(round))
          .isEqualTo(states(usable, after.generation()).higher(expected.txId()));
      assertThat(after.committedAt())
          .as(Seeds.where(round))
          .isEqualTo(history.clock(after.generation(), after.txId()).lastCommitAt());
    }
  }

  private static Verdict oracle(TimedHistory history, ArchiveListing listing, Instant at) {
    for (int i = GENERATIONS.size() - 1; i >= 0; i--) {
      GenerationId id = GENERATIONS.get(i);
      NavigableSet<Long> states = states(listing, id);
      for (long state : states.descendingSet()) {
        if (!history.clock(id, state).lastCommitAt().isAfter(at)) {
          return new Verdict(id, state, lost(listing.generation(id).orElseThrow(), states, state));
        }
      }
    }
    return new Verdict(null, 0, false);
  }

  private static Instant oldest(TimedHistory history, ArchiveListing listing) {
    return GENERATIONS.stream()
        .flatMap(id -> states(listing, id).stream().map(state -> history.clock(id, state)))
        .map(CommitClock::lastCommitAt)
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private static boolean lost(GenerationListing listing, NavigableSet<Long> states, long state) {
    Long next = states.higher(state);
    if (next == null) {
      return listing.newestTxId().orElseThrow() > state;
    }
    return listing.segments().stream()
        .noneMatch(
            segment ->
                states.contains(segment.parentTxId())
                    && segment.parentTxId() <= state
                    && segment.lastTxId() >= next);
  }

  private static NavigableSet<Long> states(ArchiveListing listing, GenerationId id) {
    NavigableSet<Long> states = new TreeSet<>();
    GenerationListing generation = listing.generation(id).orElse(null);
    if (generation == null) {
      return states;
    }
    generation.snapshots().stream().map(SnapshotDescriptor::txId).forEach(states::add);
    boolean more = true;
    while (more) {
      more = false;
      for (SegmentDescriptor segment : generation.segments()) {
        more |= states.contains(segment.parentTxId()) && states.add(segment.lastTxId());
      }
    }
    return states;
  }

  /** Two or so for each generation, and one halving for each time the clock was set back. */
  private static int bound(TimedHistory history) {
    int bound = 0;
    for (TreeMap<Long, CommitClock> commits : history.commits.values()) {
      int steps = commits.lastEntry().getValue().steps();
      bound += 3 + (steps + 1) * (2 + 32 - Integer.numberOfLeadingZeros(commits.size()));
    }
    return bound;
  }

  private static Instant moment(TimedHistory history, Random random) {
    List<CommitClock> all =
        history.commits.values().stream().flatMap(one -> one.values().stream()).toList();
    Instant near = all.get(random.nextInt(all.size())).lastCommitAt();
    return near.plusSeconds(random.nextInt(5) - 2);
  }

  private static TimedHistory history(Random random) {
    TimedHistory history = new TimedHistory();
    long clock = 0;
    for (GenerationId generation : GENERATIONS.subList(random.nextInt(3), 3)) {
      int commits = 1 + random.nextInt(40);
      long[] seconds = new long[commits];
      for (int i = 0; i < commits; i++) {
        clock +=
            switch (random.nextInt(12)) {
              case 0 -> -random.nextInt(60);
              case 1 -> random.nextInt(200);
              case 2, 3, 4 -> 0;
              default -> 1 + random.nextInt(4);
            };
        seconds[i] = clock;
      }
      history.commits(generation, seconds);
      artefacts(history.artefacts, generation, commits - 1, random);
    }
    return history;
  }

  /** Level 0 as captured, wider ones over it, of which random ones are gone, and snapshots. */
  private static void artefacts(
      List<ArtefactDescriptor> all, GenerationId generation, int newest, Random random) {
    List<Long> cuts = new ArrayList<>();
    for (long at = 0; at < newest; at += 1 + random.nextInt(3)) {
      cuts.add(at);
    }
    cuts.add((long) newest);
    int keep = random.nextInt(4) == 0 ? 5 : 40;
    for (int level = 0; level < 3; level++) {
      for (int i = 1; i < cuts.size(); i++) {
        if (random.nextInt(keep) > (level == 0 ? 3 : 0)) {
          all.add(Listings.segment(generation, level, cuts.get(i - 1) + 1, cuts.get(i)));
        }
      }
      List<Long> wider = new ArrayList<>();
      for (int i = 0; i < cuts.size(); i++) {
        if (i == 0 || i == cuts.size() - 1 || random.nextInt(3) == 0) {
          wider.add(cuts.get(i));
        }
      }
      if (random.nextInt(6) > 0) {
        all.add(Listings.snapshot(generation, cuts.get(random.nextInt(cuts.size()))));
      }
      cuts = wider;
    }
    if (random.nextInt(5) > 0) {
      all.add(Listings.snapshot(generation, 0));
    }
    List<ArtefactDescriptor> distinct =
        all.stream()
            .collect(
                java.util.stream.Collectors.toMap(
                    one -> one.key().value(), one -> one, (one, other) -> one, TreeMap::new))
            .values()
            .stream()
            .toList();
    all.clear();
    all.addAll(distinct);
  }
}
