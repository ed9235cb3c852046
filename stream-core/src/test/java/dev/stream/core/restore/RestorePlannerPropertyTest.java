package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.Seeds;
import dev.stream.core.state.RestoreTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The planner against a search of every way there is. */
class RestorePlannerPropertyTest {

  @Test
  void plansExactlyWhatASearchOfAllWaysFinds() {
    for (int round = 0; round < Seeds.rounds(3000, 200_000); round++) {
      ArchiveListing listing = listing(Seeds.random("planner", round));
      GenerationListing generation = listing.generations().get(0);
      for (long txId = 0; txId <= 14; txId++) {
        RestoreDecision decision =
            RestorePlanner.plan(listing, new RestoreTarget.Transaction(null, txId));
        int[] best = search(generation, txId);
        if (best == null) {
          assertThat(decision).as(Seeds.where(round)).isInstanceOf(RestorePlanProblem.class);
        } else {
          assertThat(decision).as(Seeds.where(round)).isInstanceOf(RestorePlan.class);
          RestorePlan plan = (RestorePlan) decision;
          assertThat(plan.txId()).as(Seeds.where(round)).isEqualTo(txId);
          assertThat(plan.snapshot().txId()).as(Seeds.where(round)).isEqualTo(best[0]);
          assertThat(plan.segments()).as(Seeds.where(round)).hasSize(best[1]);
        }
      }
      checkNewest(listing, generation, round);
    }
  }

  private static void checkNewest(ArchiveListing listing, GenerationListing generation, int round) {
    RestoreDecision decision = RestorePlanner.plan(listing, RestoreTarget.NEWEST);
    long newest = generation.newestTxId().orElseThrow();
    long reachable = newest;
    while (reachable >= 0 && search(generation, reachable) == null) {
      reachable--;
    }
    if (reachable == newest) {
      assertThat(((RestorePlan) decision).txId()).as(Seeds.where(round)).isEqualTo(newest);
    } else if (reachable < 0) {
      assertThat(decision).as(Seeds.where(round)).isInstanceOf(RestorePlanProblem.NoSnapshot.class);
    } else {
      assertThat(decision).as(Seeds.where(round)).isInstanceOf(RestorePlanProblem.Gap.class);
      RestorePlanProblem.Gap gap = (RestorePlanProblem.Gap) decision;
      assertThat(gap.recoverableTo()).as(Seeds.where(round)).hasValue(reachable);
      assertThat(gap.missing()).as(Seeds.where(round)).isNotEmpty();
    }
  }

  private static ArchiveListing listing(Random random) {
    List<ArtefactDescriptor> all = new ArrayList<>();
    all.add(Listings.segment(Listings.NEW, 9, 1, 1L + random.nextInt(3)));
    for (int i = random.nextInt(4); i > 0; i--) {
      all.add(Listings.snapshot(Listings.NEW, random.nextInt(10)));
    }
    for (int i = random.nextInt(14); i > 0; i--) {
      long first = 1L + random.nextInt(12);
      long last = first + random.nextInt(4);
      all.add(Listings.segment(Listings.NEW, random.nextInt(3), first, last));
    }
    return ArchiveListing.of(all);
  }

  /** The newest snapshot from which there is a way, and its fewest segments; null for none. */
  private static int[] search(GenerationListing generation, long txId) {
    int[] best = null;
    for (SnapshotDescriptor snapshot : generation.snapshots()) {
      int segments = fewest(generation, snapshot.txId(), txId);
      if (segments >= 0) {
        best = new int[] {(int) snapshot.txId(), segments};
      }
    }
    return best;
  }

  private static int fewest(GenerationListing generation, long from, long to) {
    if (from == to) {
      return 0;
    }
    int fewest = -1;
    for (SegmentDescriptor segment : generation.segments()) {
      if (segment.firstTxId() == from + 1 && segment.lastTxId() <= to) {
        int rest = fewest(generation, segment.lastTxId(), to);
        if (rest >= 0 && (fewest < 0 || rest + 1 < fewest)) {
          fewest = rest + 1;
        }
      }
    }
    return fewest;
  }
}
