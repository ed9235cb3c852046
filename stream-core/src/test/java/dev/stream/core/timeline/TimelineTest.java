package dev.stream.core.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.TimedHistory;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.RestoreTarget.Moment;
import dev.stream.core.timeline.ReachableRange.Stretch;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTest {

  private static final GenerationId OLD = Listings.OLD;
  private static final GenerationId NEW = Listings.NEW;

  private final TimedHistory history = new TimedHistory();

  private static long tx(TimelineAnswer answer) {
    assertThat(answer.decision()).isInstanceOf(RestorePlan.class);
    assertThat(answer.state().txId()).isEqualTo(((RestorePlan) answer.decision()).txId());
    return answer.state().txId();
  }

  private static List<String> warnings(TimelineAnswer answer) {
    return ((RestorePlan) answer.decision()).warnings();
  }

  private static String problem(TimelineAnswer answer) {
    return ((RestorePlanProblem) answer.decision()).message();
  }

  private TimelineTest commits(String seconds) {
    history.commits(
        NEW, Arrays.stream(seconds.split(" ", -1)).mapToLong(Long::parseLong).toArray());
    return this;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "5, 0, 1",
    "10, 1, 2",
    "11, 1, 2",
    "29, 2, 3",
    "30, 3, 4",
  })
  void theLastStateCommittedByThenIsTakenAndTheNextOneTold(long second, long txId, long next)
      throws IOException {
    commits("0 10 20 30 40").history.artefacts(NEW, "s0 1-1 2-2 3-3 4-4");
    TimelineAnswer answer = history.at(second);
    assertThat(tx(answer)).isEqualTo(txId);
    assertThat(answer.state().committedAt()).isEqualTo(TimedHistory.NOON.plusSeconds(txId * 10));
    assertThat(answer.after())
        .isEqualTo(new ReachableState(NEW, next, TimedHistory.NOON.plusSeconds(next * 10)));
    assertThat(warnings(answer)).isEmpty();
  }

  @Test
  void ofEqualTimesTheLastTransactionIsTaken() throws IOException {
    commits("0 10 10 10 40").history.artefacts(NEW, "s0 1-1 2-2 3-3 4-4");
    assertThat(tx(history.at(10))).isEqualTo(3);
  }

  @Test
  void aMomentAfterTheNewestCommitYieldsItAndSaysSo() throws IOException {
    commits("0 10").history.artefacts(NEW, "s0 1-1");
    TimelineAnswer answer = history.at(11);
    assertThat(tx(answer)).isEqualTo(1);
    assertThat(answer.after()).isNull();
    assertThat(warnings(answer))
        .singleElement()
        .asString()
        .contains("newest commit", "2026-05-01T12:00:10Z", "transaction 1", "2026-05-01T12:00:11Z");
    assertThat(history.reads).isEqualTo(1);
    assertThat(warnings(history.at(10))).isEmpty();
  }

  @Test
  void aMomentBeforeEverythingNamesTheOldestState() throws IOException {
    commits("50 60 70").history.artefacts(NEW, "s1 2-2");
    TimelineAnswer answer = history.at(59);
    assertThat(problem(answer))
        .contains("2026-05-01T12:00:59Z", "2026-05-01T12:01:00Z", "transaction 1", NEW.value());
    assertThat(answer.after().txId()).isEqualTo(1);
  }

  @Test
  void whereTheClockWasSetBackTheLastTimeItShowedTheMomentCounts() throws IOException {
    // Transactions 0 to 3 by the first clock, 4 to 6 after it was set back by an hour.
    commits("0 10 20 30 15 25 35").history.artefacts(NEW, "s0 1-1 2-2 3-3 4-4 5-5 6-6");
    assertThat(tx(history.at(25))).isEqualTo(5);
    assertThat(tx(history.at(15))).isEqualTo(4);
    // Only the first clock showed this.
    TimelineAnswer early = history.at(12);
    assertThat(tx(early)).isEqualTo(1);
    assertThat(warnings(early)).singleElement().asString().contains("set back", "more than once");
    assertThat(early.after().txId()).isEqualTo(2);
    assertThat(problem(history.at(-1))).contains("2026-05-01T12:00:00Z, transaction 0");
  }

  @Test
  void theOldestStateIsTheOneCommittedFirstWhateverItsTransaction() throws IOException {
    commits("100 110 20 30").history.artefacts(NEW, "s0 1-1 2-2 3-3");
    assertThat(problem(history.at(10))).contains("12:00:20Z, transaction 2");
    assertThat(tx(history.at(25))).isEqualTo(2);
  }

  @Test
  void theNewestGenerationThatHasAStateByThenIsTaken() throws IOException {
    history
        .commits(OLD, 0, 10, 20)
        .commits(NEW, 30, 40)
        .artefacts(OLD, "s0 1-1 2-2")
        .artefacts(NEW, "s0 1-1");
    TimelineAnswer between = history.at(25);
    assertThat(tx(between)).isEqualTo(2);
    assertThat(between.state().generation()).isEqualTo(OLD);
    assertThat(between.after())
        .isEqualTo(new ReachableState(NEW, 0, TimedHistory.NOON.plusSeconds(30)));
    assertThat(history.at(30).state().generation()).isEqualTo(NEW);
    Timeline timeline = history.timeline();
    assertThat(timeline.at(new Moment(OLD, TimedHistory.NOON.plusSeconds(99))).state().txId())
        .isEqualTo(2);
    assertThat(problem(timeline.at(new Moment(NEW, TimedHistory.NOON)))).contains("12:00:30Z");
    GenerationId other = new GenerationId("0000019abcdef099-00000000");
    assertThat(problem(timeline.at(new Moment(other, TimedHistory.NOON))))
        .contains("no generation " + other);
  }

  @Test
  void aNewerGenerationWithoutASnapshotIsSaid() throws IOException {
    history.commits(OLD, 0, 10).commits(NEW, 20, 30).artefacts(OLD, "s0 1-1").artefacts(NEW, "1-1");
    TimelineAnswer answer = history.at(40);
    assertThat(tx(answer)).isEqualTo(1);
    assertThat(warnings(answer)).anyMatch(one -> one.contains(NEW + " is newer but has no"));
    assertThat(warnings(history.at(5))).isEmpty();
  }

  @Test
  void statesInsideWideSegmentsAreNotThere() throws IOException {
    commits("0 10 20 30 40 50").history.artefacts(NEW, "s0 1:1-4 5-5");
    TimelineAnswer answer = history.at(35);
    assertThat(tx(answer)).isZero();
    assertThat(answer.after().txId()).isEqualTo(4);
  }

  @Test
  void aSnapshotInsideAWideSegmentIsAStateAndNoGap() throws IOException {
    commits("0 10 20 30 40 50").history.artefacts(NEW, "s0 s2 1:1-4 5-5");
    assertThat(tx(history.at(15))).isZero();
    assertThat(tx(history.at(35))).isEqualTo(2);
    assertThat(tx(history.at(45))).isEqualTo(4);
  }

  @Test
  void aMomentAfterWhichTransactionsAreMissingIsRefusedWithTheNearestStates() throws IOException {
    commits("0 10 20 30 40 50").history.artefacts(NEW, "s0 1-1 3-3 s4 5-5");
    assertThat(problem(history.at(10)))
        .contains("lacks transactions 2", "transaction 1 of 2026-05-01T12:00:10Z before it")
        .contains("transaction 4 of 2026-05-01T12:00:40Z after it");
    assertThat(problem(history.at(39))).contains("lacks transactions 2");
    assertThat(tx(history.at(9))).isZero();
    assertThat(tx(history.at(40))).isEqualTo(4);
  }

  @Test
  void aGapBeforeTheNewestCommitIsNotHidden() throws IOException {
    commits("0 10 20 30").history.artefacts(NEW, "s0 1-1 3-3");
    assertThat(problem(history.at(60))).contains("lacks transactions 2", "none comes after it");
    assertThat(tx(history.at(5))).isZero();
  }

  @Test
  void aGenerationThatIsOnlyItsSnapshot() throws IOException {
    commits("7").history.artefacts(NEW, "s0");
    assertThat(tx(history.at(7))).isZero();
    assertThat(problem(history.at(6))).contains("12:00:07Z");
  }

  @Test
  void snapshotsAloneEachAfterAGapAreStillStates() throws IOException {
    commits("0 10 20").history.artefacts(NEW, "s0 s2");
    assertThat(tx(history.at(20))).isEqualTo(2);
    assertThat(problem(history.at(19))).contains("lacks transactions 1–2");
  }

  @Test
  void nothingThereIsSaid() throws IOException {
    assertThat(history.at(0).decision()).isInstanceOf(RestorePlanProblem.NothingThere.class);
    history.commits(NEW, 0, 10).artefacts(NEW, "1-1");
    assertThat(history.at(0).decision()).isInstanceOf(RestorePlanProblem.NoSnapshot.class);
  }

  @Test
  void aDamagedHeaderIsGoneAroundByAnotherArtefactOfTheSameState() throws IOException {
    commits("0 10 20 30").history.artefacts(NEW, "s0 1-1 2-2 3-3 1:1-2");
    history.damaged.add(TimedHistory.key(NEW, "2-2"));
    TimelineAnswer answer = history.at(25);
    assertThat(tx(answer)).isEqualTo(2);
    assertThat(Listings.text((RestorePlan) answer.decision())).isEqualTo("s0 1:1-2");
  }

  @Test
  void whatOnlyADamagedHeaderLeadsToCountsAsMissing() throws IOException {
    commits("0 10 20 30").history.artefacts(NEW, "s0 1-1 2-2 3-3");
    history.damaged.add(TimedHistory.key(NEW, "2-2"));
    Timeline timeline = history.timeline();
    TimelineAnswer answer = timeline.at(new Moment(null, TimedHistory.NOON.plusSeconds(22)));
    assertThat(problem(answer)).contains("lacks transactions 2", "nearest state is transaction 1");
    assertThat(timeline.problems()).containsExactly(TimedHistory.key(NEW, "2-2") + " is damaged");
  }

  @Test
  void aStateWhoseTimeNobodyTellsIsNotTaken() throws IOException {
    commits("0 10 20 30").history.artefacts(NEW, "s0 1-1 2-2 3-3");
    history.silent.add(TimedHistory.key(NEW, "2-2"));
    TimelineAnswer answer = history.at(22);
    assertThat(tx(answer)).isEqualTo(1);
    assertThat(answer.after().txId()).isEqualTo(3);
  }

  @Test
  void artefactsThatNeverTellTheirTimeAreRefusedAndNotAllRead() {
    StringBuilder all = new StringBuilder("s0");
    for (int i = 1; i <= 1000; i++) {
      history.silent.add(TimedHistory.key(NEW, i + "-" + i));
      all.append(' ').append(i).append('-').append(i);
    }
    history.silent.add(TimedHistory.key(NEW, "s0"));
    history.commits(NEW, LongStream.rangeClosed(0, 1000).toArray()).artefacts(NEW, all.toString());
    assertThatThrownBy(() -> history.at(5)).hasMessageContaining("do not say when");
    assertThat(history.reads).isLessThan(30);
  }

  @Test
  void headersAreReadByHalving() throws IOException {
    int states = 100_000;
    history.commits(NEW, LongStream.range(0, states).map(i -> i * 2).toArray());
    history.artefacts(
        NEW,
        IntStream.range(1, states).mapToObj(i -> i + "-" + i).collect(Collectors.joining(" ")));
    history.artefacts.add(Listings.snapshot(NEW, 0));
    ArchiveListing listing = history.listing();
    for (long second : new long[] {0, 1, 100_000, 123_457, 199_997}) {
      history.reads = 0;
      TimelineAnswer answer =
          new Timeline(listing, new CommitTimes(history))
              .at(new Moment(null, TimedHistory.NOON.plusSeconds(second)));
      assertThat(tx(answer)).isEqualTo(second / 2);
      assertThat(history.reads).isLessThanOrEqualTo(19);
    }
  }

  @Test
  void reachTellsStretchesByGranularity() throws IOException {
    commits("0 10 20 30 40 50 60 70 80 90");
    history.artefacts(NEW, "s0 2:1-4 3-3 1:5-6 s6 7-7 1:8-8 9-9");
    // 3-3 leads nowhere; 8-8 was alone in its window.
    List<ReachableRange> reach = history.timeline().reach();
    assertThat(reach).hasSize(1);
    assertThat(reach.get(0).states()).isEqualTo(6);
    assertThat(reach.get(0).stretches())
        .extracting(s -> s.first().txId() + "-" + s.last().txId() + " level " + s.level())
        .containsExactly("0-4 level 2", "4-8 level 1", "8-9 level 0");
    assertThat(reach.get(0).stretches())
        .extracting(Stretch::average)
        .containsExactly(
            Duration.ofSeconds(40), Duration.ofSeconds(40).dividedBy(3), Duration.ofSeconds(10));
    assertThat(history.reads).isLessThanOrEqualTo(4);
  }

  @Test
  void reachShowsWhatIsMissingAndWhatStandsAlone() throws IOException {
    history
        .commits(OLD, 0)
        .commits(NEW, 10, 20, 30, 25, 35)
        .artefacts(OLD, "s0")
        .artefacts(NEW, "s0 s2 3-3 4-4");
    List<ReachableRange> reach = history.timeline().reach();
    assertThat(reach).extracting(ReachableRange::generation).containsExactly(OLD, NEW);
    assertThat(reach.get(0).stretches()).singleElement().extracting(Stretch::steps).isEqualTo(0);
    assertThat(reach.get(1).stretches())
        .extracting(s -> s.first().txId() + "-" + s.last().txId() + " " + s.average())
        .containsExactly("0-0 null", "2-4 null");
  }

  @Test
  void neighboursAreToldAcrossGenerations() throws IOException {
    history
        .commits(OLD, 0, 10)
        .commits(NEW, 20, 30)
        .artefacts(OLD, "s0 1-1")
        .artefacts(NEW, "s0 1-1");
    Timeline timeline = history.timeline();
    assertThat(timeline.after(OLD, 1))
        .isEqualTo(new ReachableState(NEW, 0, TimedHistory.NOON.plusSeconds(20)));
    assertThat(timeline.before(NEW, 0).txId()).isEqualTo(1);
    assertThat(timeline.before(OLD, 0)).isNull();
    assertThat(timeline.after(NEW, 1)).isNull();
    history.damaged.add(TimedHistory.key(NEW, "1-1"));
    assertThat(history.timeline().after(NEW, 0)).isEqualTo(new ReachableState(NEW, 1, null));
  }
}
