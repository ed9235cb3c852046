package dev.stream.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.TxRange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Plans that people can follow; all random ones are in {@link RetentionPlannerPropertyTest}. */
class RetentionPlannerTest {

  private static final Instant NOW = Instant.parse("2026-05-10T12:00:00Z");
  private static final GenerationId OLD = born(Duration.ofDays(9), null);
  private static final GenerationId NEW = born(Duration.ofDays(2), OLD);

  private final List<ArtefactDescriptor> artefacts = new ArrayList<>();
  private final List<PinDescriptor> pins = new ArrayList<>();
  private RetentionConfig policy = RetentionConfig.DEFAULTS;

  private static GenerationId born(Duration ago, GenerationId after) {
    return GenerationId.next(Clock.fixed(NOW.minus(ago), ZoneOffset.UTC), new Random(1), after);
  }

  private void snapshot(GenerationId generation, long txId, Duration ago) {
    artefacts.add(new SnapshotDescriptor(generation, txId, 100, NOW.minus(ago)));
  }

  private void segment(GenerationId generation, int level, long first, long last, Duration ago) {
    artefacts.add(new SegmentDescriptor(generation, level, first, last, 10, NOW.minus(ago)));
  }

  private RetentionPlan plan() {
    return RetentionPlanner.plan(ArchiveListing.of(artefacts, pins), policy, NOW, NOW);
  }

  private List<String> going(RetentionPlan plan) {
    return plan.going().stream()
        .map(
            verdict ->
                verdict.artefact() instanceof SegmentDescriptor segment
                    ? segment.level() + ":" + segment.firstTxId() + "-" + segment.lastTxId()
                    : "s" + verdict.artefact().lastTxId())
        .toList();
  }

  private static Duration hours(long hours) {
    return Duration.ofHours(hours);
  }

  @Test
  void theNewestSnapshotFromBeforeTheWindowIsWhereItBegins() {
    snapshot(OLD, 0, hours(200));
    segment(OLD, 0, 1, 10, hours(100));
    snapshot(NEW, 0, hours(47));
    segment(NEW, 0, 1, 10, hours(40));
    snapshot(NEW, 10, hours(26));
    segment(NEW, 0, 11, 20, hours(2));
    segment(NEW, 0, 21, 30, hours(0));
    RetentionPlan plan = plan();
    assertThat(going(plan)).containsExactly("s0", "0:1-10", "s0", "0:1-10");
    assertThat(plan.going().get(0).reason())
        .isEqualTo(
            "is from before the snapshot at transaction 10 of generation "
                + NEW
                + ", from which the whole window of 24h can be restored");
    assertThat(plan.generations().get(1).restorable()).containsExactly(new TxRange(10, 30));
    assertThat(plan.generations().get(0).restorable()).isEmpty();
    assertThat(plan.generations().get(1).staying().get(0).reason())
        .contains("newest snapshot from before the window of 24h");
    assertThat(plan.countedTo()).isEqualTo(NOW);
  }

  @Test
  void theFormerGenerationsLastSnapshotOutlivesTheNewOnesFirst() {
    snapshot(OLD, 0, hours(200));
    segment(OLD, 0, 1, 10, hours(190));
    snapshot(OLD, 10, hours(190));
    snapshot(NEW, 0, hours(24));
    segment(NEW, 0, 1, 10, hours(0));
    assertThat(going(plan())).containsExactly("s0", "0:1-10");
    artefacts.remove(3);
    snapshot(NEW, 0, hours(25));
    assertThat(going(plan())).containsExactly("s0", "s10", "0:1-10");
  }

  @Test
  void withoutASnapshotThatOldNothingGoesThatNoWiderSegmentCovers() {
    snapshot(NEW, 0, hours(20));
    for (int i = 1; i < 20; i++) {
      segment(NEW, 0, i, i, hours(20 - i));
    }
    assertThat(plan().going()).isEmpty();
  }

  @Test
  void narrowSegmentsGoWhenTheirTimeIsUpAndAWiderOneIsThere() {
    policy = new RetentionConfig(Duration.ofDays(30), hours(1), List.of(hours(1), hours(5)));
    snapshot(NEW, 0, hours(40));
    segment(NEW, 0, 1, 1, hours(30));
    segment(NEW, 0, 2, 2, hours(29));
    segment(NEW, 1, 1, 2, hours(28));
    segment(NEW, 0, 3, 3, hours(8)); // nothing covers it
    segment(NEW, 0, 4, 4, hours(4));
    segment(NEW, 0, 5, 5, Duration.ofMinutes(119));
    segment(NEW, 1, 4, 5, Duration.ofMinutes(118));
    segment(NEW, 0, 6, 6, hours(0));
    RetentionPlan plan = plan();
    assertThat(going(plan)).containsExactly("0:1-1", "0:2-2");
    assertThat(plan.going().get(0).reason())
        .isEqualTo("segments of level 0 stay for 1h, and a wider one covers it");
    segment(NEW, 2, 1, 2, hours(27));
    assertThat(going(plan())).containsExactlyInAnyOrder("0:1-1", "0:2-2", "1:1-2");
  }

  @Test
  void theTimeOfAStateBeginsWhenTheNextOneIsThere() {
    policy = new RetentionConfig(Duration.ofDays(30), hours(1), List.of(hours(1), hours(5)));
    snapshot(NEW, 0, hours(40));
    segment(NEW, 0, 1, 1, hours(30)); // the newest state for 25 hours
    segment(NEW, 0, 2, 2, Duration.ofMinutes(119));
    segment(NEW, 1, 1, 2, Duration.ofMinutes(118));
    segment(NEW, 0, 3, 3, hours(0));
    assertThat(plan().going()).isEmpty();
    artefacts.remove(2);
    segment(NEW, 0, 2, 2, hours(2));
    assertThat(going(plan())).containsExactly("0:1-1");
  }

  @Test
  void aSegmentThatServesAsAWiderOneStaysAsLongAsThose() {
    policy =
        new RetentionConfig(Duration.ofDays(30), hours(1), List.of(hours(1), hours(5), hours(20)));
    snapshot(NEW, 0, hours(40));
    segment(NEW, 0, 1, 1, hours(18)); // alone in its windows: only one of level 3 covers it
    segment(NEW, 0, 2, 2, hours(18));
    segment(NEW, 0, 3, 3, hours(18));
    segment(NEW, 1, 2, 3, hours(18));
    segment(NEW, 3, 1, 3, hours(17));
    segment(NEW, 0, 4, 4, hours(17));
    segment(NEW, 0, 5, 5, hours(0));
    RetentionPlan plan = plan();
    assertThat(going(plan)).containsExactly("0:2-2", "0:3-3");
    assertThat(plan.generations().get(0).staying().get(1).reason())
        .isEqualTo("segments of level 2, as which it serves, stay for 20h");
    policy =
        new RetentionConfig(Duration.ofDays(30), hours(1), List.of(hours(1), hours(5), hours(10)));
    assertThat(going(plan())).containsExactlyInAnyOrder("0:1-1", "0:2-2", "0:3-3", "1:2-3");
  }

  @Test
  void aWiderSegmentThatLeadsNowhereReplacesNothing() {
    policy = new RetentionConfig(Duration.ofDays(30), hours(1), List.of(hours(1)));
    snapshot(NEW, 2, hours(40)); // 1 was lost: the wide one cannot be reached
    segment(NEW, 0, 3, 3, hours(30));
    segment(NEW, 0, 4, 4, hours(30));
    segment(NEW, 1, 2, 4, hours(29));
    segment(NEW, 0, 5, 5, hours(0));
    RetentionPlan plan = plan();
    assertThat(plan.going()).isEmpty();
    assertThat(plan.generations().get(0).staying().get(1).reason())
        .isEqualTo("no wider segment that can be used covers it");
  }

  @Test
  void ofManySnapshotsOnePerPeriodStaysAndItIsTheOneFromWhichTheWidestSegmentDeparts() {
    snapshot(NEW, 0, hours(47));
    segment(NEW, 0, 1, 1, hours(46));
    for (int i = 1; i <= 40; i++) { // every twelve minutes, from 11:00 on
      Duration ago = hours(25).minusMinutes(12L * (i - 1));
      snapshot(NEW, i, ago);
      segment(NEW, 0, i + 1, i + 1, ago.minusMinutes(6));
    }
    for (int i = 2; i < 40; i += 5) { // each but the first of an hour lies within a wide one
      segment(NEW, 1, i + 1, i + 5, hours(24).minusMinutes(12L * (i - 2)));
    }
    segment(NEW, 0, 42, 42, hours(0));
    assertThat(snapshots(plan()))
        .containsExactly("s0", "s2", "s7", "s12", "s17", "s22", "s27", "s32", "s37", "s40");
  }

  @Test
  void howFarApartSnapshotsAreKeptCanBeSaid() {
    for (int i = 0; i < 24; i++) { // every hour, from noon on
      snapshot(NEW, i, hours(24 - i));
      segment(NEW, 0, i + 1, i + 1, hours(24 - i).minusMinutes(30));
    }
    assertThat(plan().going()).isEmpty();
    policy = every(hours(6));
    RetentionPlan plan = plan();
    assertThat(snapshots(plan)).containsExactly("s0", "s6", "s12", "s18", "s23");
    assertThat(plan.going().get(0).reason())
        .isEqualTo(
            "one snapshot per 6h is enough, and its state can be reached from the one that stays");
    assertThat(plan.generations().get(0).restorable()).containsExactly(new TxRange(0, 24));
    policy = every(Duration.ofDays(30)); // longer than the window
    plan = plan();
    assertThat(snapshots(plan)).containsExactly("s0", "s23");
    assertThat(plan.generations().get(0).restorable()).containsExactly(new TxRange(0, 24));
    policy = every(Duration.ofNanos(1));
    assertThat(plan().going()).isEmpty();
  }

  private static RetentionConfig every(Duration apart) {
    RetentionConfig usual = RetentionConfig.DEFAULTS;
    return new RetentionConfig(
        usual.snapshotRetention(), usual.checkInterval(), usual.segmentRetention(), apart);
  }

  private static List<String> snapshots(RetentionPlan plan) {
    return plan.generations().get(0).remaining().snapshots().stream()
        .map(one -> "s" + one.txId())
        .toList();
  }

  @Test
  void theWindowDoesNotBeginWithASnapshotFromWhichNothingLeadsOn() {
    snapshot(NEW, 0, hours(47));
    snapshot(NEW, 5, hours(30));
    segment(NEW, 4, 1, 10, hours(29)); // the narrow ones are gone
    segment(NEW, 0, 11, 11, hours(0));
    assertThat(plan().going()).isEmpty();
    assertThat(plan().generations().get(0).restorable()).containsExactly(new TxRange(0, 11));
  }

  @Test
  void theWindowDoesNotBeginWithASnapshotAfterWhichCommitsWouldBeMissing() {
    snapshot(NEW, 0, hours(47));
    snapshot(NEW, 5, hours(30));
    segment(NEW, 4, 1, 10, hours(20)); // the narrow ones are gone
    snapshot(NEW, 10, hours(20)); // without what lies between it and the one before
    segment(NEW, 0, 11, 11, hours(0));
    assertThat(plan().going()).isEmpty();
    assertThat(plan().generations().get(0).restorable()).containsExactly(new TxRange(0, 11));
  }

  @Test
  void aWiderSegmentThatLeadsNowhereReplacesNothingThoughASnapshotHasItsState() {
    policy = new RetentionConfig(hours(24), hours(1), List.of(hours(1)));
    snapshot(NEW, 5, hours(30)); // the wide one began before it
    segment(NEW, 0, 6, 8, hours(22));
    segment(NEW, 0, 9, 10, hours(21));
    segment(NEW, 1, 1, 10, hours(20));
    snapshot(NEW, 10, hours(20));
    segment(NEW, 0, 11, 11, hours(0));
    assertThat(plan().going()).isEmpty();
    assertThat(plan().generations().get(0).restorable()).containsExactly(new TxRange(5, 11));
  }

  @Test
  void aStoreWhoseClockWasBehindWhenTheGenerationWasBornMakesNothingOld() {
    GenerationId young = born(hours(5), NEW);
    snapshot(young, 0, hours(720));
    segment(young, 0, 1, 10, hours(719));
    snapshot(young, 10, hours(718));
    segment(young, 0, 11, 20, hours(0));
    assertThat(plan().going()).isEmpty();
  }

  @Test
  void aPinKeepsItsStateAndAllThatItNeeds() {
    snapshot(OLD, 0, hours(200));
    segment(OLD, 0, 1, 10, hours(199));
    segment(OLD, 0, 11, 20, hours(198));
    snapshot(OLD, 20, hours(198));
    snapshot(NEW, 0, hours(47));
    segment(NEW, 0, 1, 10, hours(0));
    pins.add(new PinDescriptor("good", OLD, 10, ArtefactKeys.pin(OLD, 10, "good"), NOW));
    pins.add(new PinDescriptor("lost", OLD, 15, ArtefactKeys.pin(OLD, 15, "lost"), NOW));
    RetentionPlan plan = plan();
    assertThat(going(plan)).containsExactly("s20", "0:11-20");
    assertThat(plan.generations().get(0).staying())
        .allMatch(verdict -> verdict.reason().equals("is needed by the pin \"good\""));
    assertThat(plan.notes()).singleElement().asString().contains("\"lost\" keeps nothing");
  }

  @Test
  void whileNothingIsStoredNothingAges() {
    theFormerGenerationsLastSnapshotOutlivesTheNewOnesFirst();
    ArchiveListing listing = ArchiveListing.of(artefacts);
    RetentionPlan now = RetentionPlanner.plan(listing, policy, NOW, NOW);
    Instant later = NOW.plus(Duration.ofDays(700));
    assertThat(RetentionPlanner.plan(listing, policy, later, later).going()).isEqualTo(now.going());
  }

  @Test
  void aClockThatIsBehindTheStoresDeletesNothingAndSaysSo() {
    theFormerGenerationsLastSnapshotOutlivesTheNewOnesFirst();
    Instant wrong = NOW.minus(Duration.ofDays(300));
    RetentionPlan plan = RetentionPlanner.plan(ArchiveListing.of(artefacts), policy, wrong, wrong);
    assertThat(plan.going()).isEmpty();
    assertThat(plan.countedTo()).isNull();
    assertThat(plan.notes()).singleElement().asString().contains("one of the two clocks");
  }

  @Test
  void nothingIsThereNothingGoes() {
    assertThat(plan().generations()).isEmpty();
    assertThat(plan().notes()).isEmpty();
  }
}
