package dev.stream.core.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.fixture.Listings;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.state.TxRange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestorePlannerTest {

  @ParameterizedTest
  @CsvSource({
    "s1, s1",
    "s0 1-1, s0 1-1",
    "s10 11-12 13-15, s10 11-12 13-15",
    // The newest snapshot that leads there.
    "s10 11-20 s20 21-25, s20 21-25",
    "s10 11-20 s20, s20",
    // A gap before it does not matter.
    "s10 11-12 s20 21-25, s20 21-25",
    // An older snapshot that reaches further.
    "s10 s20 1:11-30, s10 1:11-30",
    // Widest first.
    "s10 11-11 12-12 13-13 14-14 1:11-12 1:13-14 2:11-14 15-15, s10 2:11-14 15-15",
    // The widest is a dead end.
    "s10 11-12 13-20 1:11-15, s10 11-12 13-20",
    // Segments from before the snapshot that nobody deleted yet.
    "3-4 5-10 s10 11-11, s10 11-11",
  })
  void theNewestStateIsMadeOfTheFewestArtefacts(String listing, String plan) {
    assertThat(plan(Listings.of(listing), RestoreTarget.NEWEST)).isEqualTo(plan);
  }

  @ParameterizedTest
  @CsvSource({
    "s10 11-15 20-30, 15, 16–19",
    "s10 11-15 20-30 35-36, 15, '16–19, 31–34'",
    "s10 12-30, 10, 11",
    "s10 11-15 14-20, 15, 16–20",
    "s10 11-15 17-17, 15, 16",
  })
  void aGapBeforeTheNewestStateIsRefused(String listing, long reachable, String missing) {
    RestoreDecision decision = RestorePlanner.plan(Listings.of(listing), RestoreTarget.NEWEST);
    assertThat(decision).isInstanceOf(RestorePlanProblem.Gap.class);
    RestorePlanProblem.Gap gap = (RestorePlanProblem.Gap) decision;
    assertThat(gap.recoverableTo()).hasValue(reachable);
    assertThat(gap.missing())
        .extracting(TxRange::toString)
        .containsExactly(missing.split(", ", -1));
    assertThat(gap.message()).contains("up to transaction " + reachable).contains(missing);
  }

  @Test
  void aGapIsAcceptedWhenAskedForAndSaid() {
    RestoreDecision decision =
        RestorePlanner.plan(Listings.of("s10 11-15 20-30"), new RestoreTarget.Newest(null, true));
    assertThat(Listings.text((RestorePlan) decision)).isEqualTo("s10 11-15");
    assertThat(((RestorePlan) decision).warnings())
        .singleElement()
        .asString()
        .contains("older state", "16–19");
  }

  @Test
  void nothingThereIsSaid() {
    assertThat(RestorePlanner.plan(new ArchiveListing(List.of()), RestoreTarget.NEWEST))
        .isInstanceOf(RestorePlanProblem.NothingThere.class);
  }

  @Test
  void segmentsWithoutASnapshotAreRefused() {
    RestoreDecision decision =
        RestorePlanner.plan(Listings.of("1-5", "6-7 8-9"), RestoreTarget.NEWEST);
    assertThat(decision).isEqualTo(new RestorePlanProblem.NoSnapshot(Listings.NEW, 2));
    assertThat(((RestorePlanProblem) decision).message()).contains("2 segments");
  }

  @Test
  void anOlderGenerationIsYieldedOnlyWhereOlderIsAccepted() {
    ArchiveListing listing = Listings.of("s1 2-5", "6-7");
    RestorePlanProblem problem =
        (RestorePlanProblem) RestorePlanner.plan(listing, RestoreTarget.NEWEST);
    assertThat(problem)
        .isEqualTo(new RestorePlanProblem.OnlyOlder(Listings.NEW, 1, Listings.OLD, 5));
    assertThat(problem.message())
        .contains(Listings.NEW.value(), "transaction 5 of generation " + Listings.OLD)
        .contains("--accept-older");
    RestorePlan plan =
        (RestorePlan) RestorePlanner.plan(listing, new RestoreTarget.Newest(null, true));
    assertThat(plan.generation()).isEqualTo(Listings.OLD);
    assertThat(plan.txId()).isEqualTo(5);
    assertThat(plan.warnings()).singleElement().asString().contains(Listings.NEW.value());
  }

  @Test
  void aGapInTheNewestGenerationIsNotHiddenByAnOlderOne() {
    assertThat(RestorePlanner.plan(Listings.of("s1 2-5", "s6 8-9"), RestoreTarget.NEWEST))
        .isInstanceOf(RestorePlanProblem.Gap.class);
  }

  @Test
  void aGenerationThatIsNamedIsTaken() {
    ArchiveListing listing = Listings.of("s1 2-5", "s6 7-9");
    assertThat(plan(listing, new RestoreTarget.Newest(Listings.OLD, false))).isEqualTo("s1 2-5");
    GenerationId other = new GenerationId("0000019abcdef099-00000000");
    RestoreDecision decision = RestorePlanner.plan(listing, new RestoreTarget.Newest(other, false));
    assertThat(((RestorePlanProblem) decision).message())
        .contains(other.value(), Listings.OLD.value(), Listings.NEW.value());
  }

  @ParameterizedTest
  @CsvSource({
    "s10 11-12 13-15 1:11-15, 12, s10 11-12",
    "s10 11-12 13-15 1:11-15, 15, s10 1:11-15",
    "s10 11-12 13-15, 10, s10",
    // Before the gap all is well.
    "s10 11-15 20-30, 15, s10 11-15",
  })
  void aTransactionIsReachedExactly(String listing, long txId, String plan) {
    assertThat(plan(Listings.of(listing), new RestoreTarget.Transaction(null, txId)))
        .isEqualTo(plan);
  }

  @Test
  void aTransactionIsTakenFromTheNewestGenerationThatHasIt() {
    ArchiveListing listing = Listings.of("s1 2-5 6-8", "s3 4-5");
    RestoreDecision five = RestorePlanner.plan(listing, new RestoreTarget.Transaction(null, 5));
    assertThat(((RestorePlan) five).generation()).isEqualTo(Listings.NEW);
    RestoreDecision eight = RestorePlanner.plan(listing, new RestoreTarget.Transaction(null, 8));
    assertThat(((RestorePlan) eight).generation()).isEqualTo(Listings.OLD);
  }

  @ParameterizedTest
  @CsvSource({
    "s10 11-15, 13, nearest states are 10 and 15",
    "s10 11-15, 99, newest state is 15",
    "s10 11-15, 3, oldest state is 10",
    "s10 11-15 20-30, 30, lacks transactions 16–19",
    "s10 11-15 20-30, 25, lacks transactions 16–25",
  })
  void aTransactionThatIsNotKeptIsRefusedWithTheNearest(String listing, long txId, String says) {
    RestoreDecision decision =
        RestorePlanner.plan(Listings.of(listing), new RestoreTarget.Transaction(null, txId));
    assertThat(((RestorePlanProblem) decision).message()).contains(says);
  }

  private static String plan(ArchiveListing listing, RestoreTarget target) {
    RestoreDecision decision = RestorePlanner.plan(listing, target);
    assertThat(decision).isInstanceOf(RestorePlan.class);
    return Listings.text((RestorePlan) decision);
  }
}
