package dev.stream.core.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is merged when, without files. */
final class CompactionPlannerTest {

  private static final GenerationId GENERATION = new GenerationId("0000000000000001-00000000");
  private static final List<Duration> LEVELS =
      List.of(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1));
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final NavigableSet<Long> cuts = new TreeSet<>(List.of(0L));
  private List<SealedArtefact> shadow = new ArrayList<>();

  private static SealedArtefact segment(int level, long first, long last, Instant at) {
    return SealedArtefact.segment(GENERATION, level, first, last, 100, at);
  }

  private void sealed(long txId, long second) {
    shadow.add(segment(0, txId, txId, START.plusSeconds(second)));
  }

  private CompactionPlan plan(long second, Duration... levels) {
    return new CompactionPlanner(levels.length == 0 ? LEVELS : List.of(levels))
        .plan(shadow, cuts, START.plusSeconds(second));
  }

  private static List<String> ranges(List<SegmentRun> runs) {
    return runs.stream()
        .map(run -> run.level() + ":" + run.firstTxId() + "-" + run.lastTxId())
        .toList();
  }

  /** Merges as long as something is due; the parts are as if every replica had them. */
  private List<String> mergeAll(CompactionPlanner planner, Instant horizon) {
    List<String> merged = new ArrayList<>();
    while (true) {
      CompactionPlan plan = planner.plan(shadow, cuts, horizon);
      if (plan.due().isEmpty()) {
        shadow.removeIf(segment -> !plan.waiting().contains(segment.key()));
        return merged;
      }
      SegmentRun run = plan.due().get(0);
      merged.addAll(ranges(List.of(run)));
      shadow.removeAll(run.parts());
      shadow.add(
          segment(
              run.level(), run.firstTxId(), run.lastTxId(), run.parts().get(0).firstCommitAt()));
    }
  }

  @Test
  void aWindowIsMergedOnceItHasPassed() {
    sealed(1, 1);
    sealed(2, 20);
    assertThat(plan(29).due()).isEmpty();
    assertThat(plan(29).nextDue()).isEqualTo(START.plusSeconds(30));
    assertThat(plan(29).waiting()).hasSize(2);
    assertThat(ranges(plan(30).due())).containsExactly("1:1-2");
    sealed(3, 31);
    assertThat(ranges(plan(29).due())).as("something follows").containsExactly("1:1-2");
  }

  @Test
  void aWindowWithOneSegmentMakesNothingAndTheSegmentServesTheNextLevel() {
    sealed(1, 1);
    sealed(2, 40);
    sealed(3, 80);
    assertThat(plan(299).due()).isEmpty();
    assertThat(ranges(plan(300).due())).containsExactly("2:1-3");
  }

  @Test
  void lowerLevelsAreMergedBeforeHigherOnes() {
    for (int i = 1; i <= 10; i++) {
      sealed(i, i * 20L);
    }
    CompactionPlanner planner = new CompactionPlanner(LEVELS);
    assertThat(mergeAll(planner, START.plusSeconds(10_800)))
        .containsExactly("1:3-4", "1:6-7", "1:9-10", "2:1-10");
  }

  @Test
  void noLevelBelowTheWidestLeadsPastACut() {
    for (int i = 1; i <= 6; i++) {
      sealed(i, i);
    }
    cuts.add(3L);
    assertThat(ranges(plan(5).due())).as("a cut ends a window").containsExactly("1:1-3");
    assertThat(ranges(plan(30).due())).containsExactly("1:1-3", "1:4-6");
  }

  @Test
  void theWidestLevelLeadsFromTheFirstCutOfAWindowToThatOfTheNext() {
    for (int i = 1; i <= 12; i++) {
      sealed(i, i * 600L); // every ten minutes, two hours
    }
    cuts.addAll(List.of(2L, 4L, 8L, 10L));
    Duration hour = Duration.ofHours(1);
    // The first window holds 1 to 5 and begins with the base; the second has 8 as its first cut.
    assertThat(ranges(plan(7200, hour).due())).containsExactly("1:1-8");
    assertThat(plan(7200, hour).waiting()).hasSize(12);
    cuts.remove(8L);
    cuts.remove(10L);
    shadow.removeIf(segment -> segment.firstTxId() > 8);
    assertThat(plan(7199, hour).due()).as("a cut may come").isEmpty();
    assertThat(plan(7199, hour).nextDue()).isEqualTo(START.plusSeconds(7200));
    assertThat(ranges(plan(7200, hour).due()))
        .as("the second window had none, and begins with its first segment")
        .containsExactly("1:1-5");
  }

  @Test
  void noRunLeadsAcrossAWindowWithoutCommits() {
    for (int i = 1; i <= 3; i++) {
      sealed(i, i * 600L);
    }
    for (int i = 4; i <= 8; i++) {
      sealed(i, 4 * 3600L + i * 600L); // hours later
    }
    cuts.add(6L);
    Duration hour = Duration.ofHours(1);
    assertThat(ranges(plan(5 * 3600L, hour).due()))
        .as(
            "3 was the newest state for hours; the window after it begins with 4, and has an anchor")
        .startsWith("1:1-3");
    assertThat(ranges(plan(7 * 3600L, hour).due())).containsExactly("1:1-3", "1:4-6", "1:7-8");
  }

  @Test
  void theWidestRunOfAnIdleDatabaseIsMergedWhenTheNextWindowHasPassed() {
    sealed(1, 10);
    sealed(2, 20);
    Duration minute = Duration.ofMinutes(1);
    assertThat(plan(119, minute).due()).isEmpty();
    assertThat(plan(119, minute).waiting()).hasSize(2);
    assertThat(ranges(plan(120, minute).due())).containsExactly("1:1-2");
  }

  @Test
  void whatIsDoneWithWaitsForNothing() {
    shadow.add(segment(3, 1, 40, START));
    sealed(7, 7); // covered
    sealed(41, 8);
    CompactionPlan early = plan(100);
    assertThat(early.waiting()).containsExactly(shadow.get(2).key());
    CompactionPlan late = plan(7200);
    assertThat(late.waiting()).as("alone in its window").isEmpty();
    assertThat(late.nextDue()).as("nothing is ever due").isNull();
  }

  @Test
  void anEndedGenerationIsMergedAtOnce() {
    for (int i = 1; i <= 4; i++) {
      sealed(i, i * 20L);
    }
    assertThat(mergeAll(new CompactionPlanner(LEVELS), Instant.MAX))
        .containsExactly("1:3-4", "2:1-4");
    assertThat(shadow).isEmpty();
  }

  @Test
  void aClockThatIsSetBackEndsAWindowAndDelaysNothing() {
    sealed(1, 1_000_000);
    sealed(2, 1_000_001);
    sealed(3, 5);
    sealed(4, 6);
    assertThat(ranges(plan(7).due())).containsExactly("1:1-2");
    assertThat(ranges(plan(30).due())).containsExactly("1:1-2", "1:3-4");
  }

  @Test
  void missingNeighboursEndARun() {
    sealed(1, 1);
    sealed(2, 2);
    sealed(4, 3);
    sealed(5, 4);
    assertThat(ranges(plan(10).due())).containsExactly("1:1-2");
    assertThat(ranges(plan(30).due())).containsExactly("1:1-2", "1:4-5");
  }

  @Test
  void withoutLevelsNothingIsEverDueOrWaits() {
    sealed(1, 1);
    sealed(2, 2);
    CompactionPlan plan = new CompactionPlanner(List.of()).plan(shadow, cuts, Instant.MAX);
    assertThat(plan).isEqualTo(new CompactionPlan(List.of(), java.util.Set.of(), null));
  }

  @Test
  void atAnyMomentOfAnyHistoryTheSegmentsAreNestedAndRespectCuts() {
    String given = System.getProperty("stream.test.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    System.out.println("stream.test.seed=" + seed);
    int rounds = "nightly".equals(System.getProperty("stream.test.scale")) ? 5_000 : 300;
    for (int round = 0; round < rounds; round++) {
      new Simulation(seed + round).run();
    }
  }

  /** Commits, images, pauses and a clock that jumps; whatever is due is merged now or later. */
  private static final class Simulation {
    private final long seed;
    private final Random random;
    private final List<Duration> levels = new ArrayList<>();
    private final CompactionPlanner planner;
    private final List<SealedArtefact> ever = new ArrayList<>();
    private final NavigableSet<Long> cuts = new TreeSet<>(List.of(0L));
    private final NavigableSet<Long> anchors = new TreeSet<>(List.of(0L));
    private List<SealedArtefact> shadow = new ArrayList<>();
    private Instant now = START;
    private boolean jumped;

    Simulation(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      long width = 0;
      for (int level = 1 + random.nextInt(4); level > 0; level--) {
        width = width * (1 + random.nextInt(4)) + 1 + random.nextInt(30);
        levels.add(Duration.ofSeconds(width));
      }
      this.planner = new CompactionPlanner(levels);
    }

    void run() {
      boolean clockJumps = random.nextInt(3) == 0;
      long txId = 0;
      long anchorWindow = Long.MIN_VALUE;
      long widest = levels.get(levels.size() - 1).toSeconds();
      boolean cut = true;
      for (int step = 0; step < 150; step++) {
        long pause = random.nextInt(20) == 0 ? random.nextInt(5_000) : random.nextInt(8);
        now = now.plusSeconds(pause);
        if (clockJumps && random.nextInt(40) == 0) {
          now = now.minusSeconds(random.nextInt(10_000));
          jumped = true;
        }
        if (random.nextInt(4) > 0) {
          SealedArtefact segment = segment(0, txId + 1, ++txId, now);
          shadow.add(segment);
          ever.add(segment);
          long window = Math.floorDiv(now.getEpochSecond(), widest);
          if (cut && window != anchorWindow) {
            anchors.add(txId - 1);
            anchorWindow = window;
          }
          cut = false;
        }
        if (random.nextInt(10) == 0) {
          cuts.add(txId);
          cut = true;
        }
        if (random.nextInt(3) > 0) {
          work(now);
        }
        if (random.nextInt(30) == 0 && shadow.size() > 3) {
          shadow.remove(0); // given up
        }
      }
      work(Instant.MAX);
      assertThat(shadow).as("seed %d: nothing waits for an ended generation", seed).isEmpty();
      nested();
    }

    private void work(Instant horizon) {
      for (int merges = 0; ; merges++) {
        CompactionPlan plan = planner.plan(shadow, cuts, horizon);
        if (plan.due().isEmpty()) {
          shadow.removeIf(segment -> !plan.waiting().contains(segment.key()));
          CompactionPlan again = planner.plan(shadow, cuts, horizon);
          assertThat(again.due()).as("seed %d: what was let go of changes nothing", seed).isEmpty();
          assertThat(again.waiting()).isEqualTo(plan.waiting());
          if (plan.nextDue() != null) {
            assertThat(plan.nextDue()).isAfter(horizon);
          }
          return;
        }
        assertThat(merges).as("seed %d: it ends", seed).isLessThan(1000);
        SegmentRun run = plan.due().get(random.nextInt(plan.due().size()));
        SealedArtefact merged =
            segment(
                run.level(), run.firstTxId(), run.lastTxId(), run.parts().get(0).firstCommitAt());
        respectsCuts(merged);
        ever.add(merged);
        shadow.add(merged);
        if (random.nextBoolean()) { // else the parts stay a while, for a replica that lags
          shadow.removeAll(run.parts());
        }
      }
    }

    private void respectsCuts(SealedArtefact merged) {
      NavigableSet<Long> within = cuts.subSet(merged.firstTxId(), true, merged.lastTxId(), false);
      if (merged.level() < levels.size()) {
        assertThat(within).as("cuts in %s, seed %d", merged, seed).isEmpty();
      } else if (!jumped) {
        assertThat(anchors.subSet(merged.firstTxId(), true, merged.lastTxId(), false))
            .as("anchors in %s, seed %d", merged, seed)
            .isEmpty();
      }
    }

    /** Any two segments lie within each other or apart, and no two are of the same transactions. */
    private void nested() {
      for (SealedArtefact one : ever) {
        for (SealedArtefact other : ever) {
          if (one.equals(other)) {
            continue;
          }
          boolean apart = one.lastTxId() < other.firstTxId() || other.lastTxId() < one.firstTxId();
          boolean within =
              one.firstTxId() >= other.firstTxId()
                  && one.lastTxId() <= other.lastTxId()
                  && one.level() < other.level();
          boolean around =
              other.firstTxId() >= one.firstTxId()
                  && other.lastTxId() <= one.lastTxId()
                  && other.level() < one.level();
          if (!apart && !within && !around) {
            throw new AssertionError(one + " and " + other + ", seed " + seed);
          }
        }
      }
    }
  }
}
