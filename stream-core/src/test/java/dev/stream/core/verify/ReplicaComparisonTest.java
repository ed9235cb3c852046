package dev.stream.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.state.ReachableState;
import dev.stream.core.verify.ReplicaComparison.Standing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaComparisonTest extends RestoreFixture {

  private final TestReplica second = new TestReplica();

  @BeforeEach
  void copy() {
    second.objects.putAll(replica.objects);
  }

  private static VerifyReport verify(String name, TestReplica of) throws IOException {
    return new ReplicaVerifier(
            name, new ReplicaArchive(of, IMPATIENT), PageHistory::codecs, 3, RestoreListener.SILENT)
        .verify(false);
  }

  private ReplicaComparison compare() throws IOException {
    return ReplicaComparison.of(List.of(verify("one", replica), verify("two", second)));
  }

  private String segment(int txId) {
    return ArtefactKeys.segment(Listings.NEW, 0, txId, txId).value();
  }

  @Test
  void equalReplicasAreEqualAndNothingMoreIsRead() throws IOException {
    VerifyReport one = verify("one", replica);
    replica.opens.set(0);
    ReplicaComparison comparison = ReplicaComparison.of(List.of(one, verify("two", second)));
    assertThat(comparison.ok()).isTrue();
    assertThat(comparison.standings())
        .extracting(Standing::upToDate, Standing::lacking)
        .containsOnly(org.assertj.core.groups.Tuple.tuple(true, 0));
    assertThat(comparison.standings().get(1).newest())
        .isEqualTo(new ReachableState(Listings.NEW, 12, PageHistory.COMMITTED_AT));
    assertThat(replica.opens.get()).isZero();
    assertThat(second.opens.get()).isEqualTo(second.objects.size());
  }

  @Test
  void aReplicaThatLagsIsBehindAndNoProblem() throws IOException {
    second.objects.keySet().removeAll(List.of(segment(11), segment(12)));
    ReplicaComparison comparison = compare();
    assertThat(comparison.ok()).isTrue();
    Standing two = comparison.standings().get(1);
    assertThat(two.behindTransactions()).isEqualTo(2);
    assertThat(two.behind()).isEqualTo(Duration.ZERO);
    assertThat(two.lacking()).isZero();
    assertThat(comparison.standings().get(0).upToDate()).isTrue();
  }

  @Test
  void aReplicaOfAnEarlierGenerationIsBehindByThat() throws IOException {
    second.objects.clear();
    new PageHistory(Listings.OLD, 512, new Random(9)).begin(50, 5).snapshot(second, 50);
    Standing two = compare().standings().get(1);
    assertThat(two.behindTransactions()).isEqualTo(-1);
    assertThat(two.upToDate()).isFalse();
    assertThat(two.newest().generation()).isEqualTo(Listings.OLD);
  }

  @Test
  void statesThatOnlyOneHasAreCounted() throws IOException {
    history.segment(second, 1, 2, 8);
    for (int txId = 2; txId <= 8; txId++) {
      second.objects.remove(segment(txId));
    }
    ReplicaComparison comparison = compare();
    assertThat(comparison.ok()).isTrue();
    assertThat(comparison.standings()).extracting(Standing::lacking).containsExactly(0, 6);
  }

  @Test
  void differentDatabasesAsOfATransactionAreAProblem() throws IOException {
    second.objects.clear();
    PageHistory other = new PageHistory(Listings.NEW, 512, new Random(9)).begin(1, 20).commit(11);
    other.snapshot(second, 8);
    other.segment(second, 0, 9, 9);
    ReplicaComparison comparison = compare();
    assertThat(comparison.ok()).isFalse();
    assertThat(comparison.problems())
        .singleElement()
        .asString()
        .contains("one and two hold different databases as of transaction 8", "more places");
  }

  @Test
  void otherBytesUnderTheSameNameAreAProblem() throws IOException {
    history.compressionLevel = 7; // the same change, encoded by another configuration
    history.segment(second, 0, 9, 9);
    ReplicaComparison comparison = compare();
    assertThat(comparison.problems()).hasSize(1);
    assertThat(comparison.problems().get(0).key()).isEqualTo(segment(9));
    assertThat(comparison.problems().get(0).text())
        .contains("one and two hold different contents as " + segment(9), "bytes with checksum");
  }

  @Test
  void anEmptyReplicaStandsForNothing() throws IOException {
    second.objects.clear();
    Standing two = compare().standings().get(1);
    assertThat(two.newest()).isNull();
    assertThat(two.upToDate()).isFalse();
    assertThat(compare().ok()).isTrue();
  }

  @Test
  void snapshotsOfOneStateNeedNotBeTheSameBytes() throws IOException {
    String key = ArtefactKeys.snapshot(Listings.NEW, 8).value();
    history.commitAt(8, PageHistory.COMMITTED_AT.plusSeconds(1));
    history.snapshot(second, 8);
    assertThat(second.objects.get(key)).isNotEqualTo(replica.objects.get(key));
    assertThat(compare().ok()).isTrue();
  }
}
