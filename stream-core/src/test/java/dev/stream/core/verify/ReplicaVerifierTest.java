package dev.stream.core.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.ArtefactException;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.restore.Restorer;
import dev.stream.core.state.TxRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReplicaVerifierTest extends RestoreFixture {

  private VerifyReport verify(boolean newestOnly) throws IOException {
    return new ReplicaVerifier(
            "one",
            new ReplicaArchive(replica, IMPATIENT),
            PageHistory::codecs,
            3,
            RestoreListener.SILENT)
        .verify(newestOnly);
  }

  private GenerationReport only() throws IOException {
    VerifyReport report = verify(false);
    assertThat(report.generations()).hasSize(1);
    assertThat(report.ok()).isEqualTo(report.generations().get(0).ok());
    return report.generations().get(0);
  }

  private String segment(int txId) {
    return ArtefactKeys.segment(Listings.NEW, 0, txId, txId).value();
  }

  @Test
  void aCodecThatIsMissingHereIsNoFaultOfTheReplica() {
    ReplicaVerifier verifier =
        new ReplicaVerifier(
            "one", new ReplicaArchive(replica, IMPATIENT), name -> null, 4, RestoreListener.SILENT);
    assertThatThrownBy(() -> verifier.verify(false))
        .isInstanceOf(ArtefactException.class)
        .hasMessageContaining("not installed, so it cannot be read here");
    assertThatThrownBy(
            () -> Restorer.builder(target, name -> null).replica("one", replica).build().restore())
        .hasMessageContaining("not installed, so it cannot be read here")
        .hasMessageNotContaining("recovery is possible");
  }

  @Test
  void aWholeReplicaIsProvenWithOneReadOfEachArtefact() throws IOException {
    VerifyReport report = verify(false);
    assertThat(report.ok()).isTrue();
    assertThat(report.objects()).isEqualTo(replica.objects.size());
    assertThat(report.bytes())
        .isEqualTo(replica.objects.values().stream().mapToLong(bytes -> bytes.length).sum());
    GenerationReport generation = report.generations().get(0);
    assertThat(generation.provenTxId()).isEqualTo(12);
    assertThat(generation.provenChecksum()).isEqualTo(history.checksum(12));
    assertThat(generation.recoverable()).containsExactly(new TxRange(1, 12));
    assertThat(generation.summary()).contains("proven up to its newest transaction 12");
  }

  @Test
  void snapshotsThatOutliveTheSegmentsBetweenThemAreNoFault() throws IOException {
    for (int txId = 2; txId <= 7; txId++) {
      replica.objects.remove(segment(txId));
      GenerationReport report = only();
      assertThat(report.problems()).as("pruned up to " + txId).isEmpty();
      assertThat(report.recoverable()).contains(new TxRange(1, 1), new TxRange(8, 12));
    }
  }

  @Test
  void aDamagedSegmentIsNamedAndWhatIsRecoverableProven() throws IOException {
    replica.objects.get(segment(10))[60] ^= 1;
    GenerationReport report = only();
    assertThat(report.ok()).isFalse();
    assertThat(report.provenTxId()).isEqualTo(9);
    assertThat(report.provenChecksum()).isEqualTo(history.checksum(9));
    assertThat(report.problems()).extracting(VerifyProblem::key).contains(segment(10));
    assertThat(report.problems())
        .anyMatch(problem -> problem.text().contains("transactions 10 are missing or unusable"));
    assertThat(report.summary()).contains("up to transaction 9 of 12").contains(segment(10));
  }

  @Test
  void aGenerationGivenUpBeforeItsFirstSnapshotPutsNothingAtRisk() throws IOException {
    PageHistory old = new PageHistory(Listings.OLD, 1024, new Random(9)).begin(1, 5);
    old.commit(1);
    old.segment(replica, 0, 2, 2);
    VerifyReport report = verify(false);
    assertThat(report.generations()).hasSize(2);
    assertThat(report.generations().get(0).summary()).contains("no snapshot to begin with");
    assertThat(report.ok()).isTrue();
  }

  @Test
  void aMissingSegmentIsNamed() throws IOException {
    replica.objects.remove(segment(11));
    GenerationReport report = only();
    assertThat(report.provenTxId()).isEqualTo(10);
    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains("11", "ends at transaction 10");
  }

  @Test
  void aHoleBeforeALaterSnapshotIsNamedThoughTheNewestStateIsProven() throws IOException {
    replica.objects.remove(segment(5));
    GenerationReport report = only();
    assertThat(report.ok()).isFalse();
    assertThat(report.provenTxId()).isEqualTo(12);
    assertThat(report.recoverable()).containsExactly(new TxRange(1, 4), new TxRange(8, 12));
    assertThat(report.problems()).singleElement().asString().contains("snapshot 8");
  }

  @Test
  void aDamagedArtefactThatTheNewestStateDoesNotNeedIsNamed() throws IOException {
    replica.objects.get(segment(3))[60] ^= 1;
    GenerationReport report = only();
    assertThat(report.ok()).isFalse();
    assertThat(report.provenTxId()).isEqualTo(12);
    assertThat(report.problems()).extracting(VerifyProblem::key).contains(segment(3));
  }

  @Test
  void artefactsThatTradedPlacesAreNamed() throws IOException {
    byte[] tenth = replica.objects.get(segment(10));
    replica.objects.put(segment(10), replica.objects.get(segment(11)));
    replica.objects.put(segment(11), tenth);
    GenerationReport report = only();
    assertThat(report.provenTxId()).isEqualTo(9);
    assertThat(report.problems()).extracting(VerifyProblem::key).contains(segment(10), segment(11));
  }

  @Test
  void aSegmentOfAnotherHistoryIsNamed() throws IOException {
    new PageHistory(Listings.NEW, 512, new Random(9))
        .begin(9, 20)
        .commit(1)
        .segment(replica, 0, 10, 10);
    GenerationReport report = only();
    assertThat(report.provenTxId()).isEqualTo(9);
    assertThat(report.problems())
        .anyMatch(problem -> problem.text().contains("builds on another database"));
  }

  @Test
  void aSnapshotThatDisagreesWithTheSegmentsIsNamed() throws IOException {
    new PageHistory(Listings.NEW, 512, new Random(9)).begin(8, 20).snapshot(replica, 8);
    GenerationReport report = only();
    assertThat(report.ok()).isFalse();
    assertThat(report.problems())
        .anyMatch(problem -> problem.text().contains("different databases"));
  }

  @Test
  void aGenerationWithoutASnapshotIsNamed() throws IOException {
    replica.objects.keySet().removeIf(key -> key.contains("/snapshots/"));
    GenerationReport report = only();
    assertThat(report.ok()).isFalse();
    assertThat(report.provenTxId()).isNull();
    assertThat(report.summary()).contains("nothing can be recovered", "no snapshot");
  }

  @Test
  void everyGenerationIsVerifiedUnlessOnlyTheNewestIsWanted() throws IOException {
    new PageHistory(Listings.OLD, 1024, new Random(9)).begin(1, 5).snapshot(replica, 1);
    assertThat(verify(false).generations())
        .extracting(GenerationReport::generation)
        .containsExactly(Listings.OLD, Listings.NEW);
    assertThat(verify(false).ok()).isTrue();
    assertThat(verify(true).generations())
        .extracting(GenerationReport::generation)
        .containsExactly(Listings.NEW);
  }

  @Test
  void anEmptyReplicaIsNotOk() throws IOException {
    replica.objects.clear();
    assertThat(verify(false).ok()).isFalse();
  }

  @Test
  void aReplicaThatCannotBeReadIsAnErrorAndNotAFinding() {
    replica.readsUntilDown = 4;
    assertThatThrownBy(() -> verify(false)).hasMessageContaining("cannot be reached");
  }

  @Test
  void whatIsRightlyDeletedMeanwhileIsNoProblem() throws IOException {
    replica.beforeOpen =
        () ->
            replica
                .objects
                .keySet()
                .removeIf(
                    key ->
                        (key.compareTo(segment(9)) < 0 && key.contains("/segments/"))
                            || key.endsWith("snapshots/0000000000000001"));
    GenerationReport report = only();
    assertThat(report.ok()).isTrue();
    assertThat(report.recoverable()).containsExactly(new TxRange(8, 12));
  }

  @Test
  void segmentsThatAreMergedMeanwhileAreNoProblem() throws IOException {
    for (int reads = 0; reads < 12; reads += 3) {
      fill();
      AtomicInteger left = new AtomicInteger(reads);
      replica.beforeOpen =
          () -> {
            if (left.getAndDecrement() == 0) {
              merge(2, 12);
            }
          };
      GenerationReport report = only();
      assertThat(report.problems()).as("merged after %d reads", reads).isEmpty();
      assertThat(report.ok()).isTrue();
      assertThat(report.recoverable()).containsExactly(new TxRange(1, 12));
    }
  }

  private void merge(int first, int last) {
    try {
      history.segment(replica, 1, first, last);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int txId = first; txId <= last; txId++) {
      replica.objects.remove(segment(txId));
    }
  }

  @Test
  void aSnapshotInsideAWideSegmentIsNoHole() throws IOException {
    merge(2, 12);
    GenerationReport report = only();
    assertThat(report.ok()).isTrue();
    assertThat(report.recoverable()).containsExactly(new TxRange(1, 12));
    assertThat(report.states()).containsExactly(1L, 8L, 12L);
  }

  @Test
  void whatFollowedAPinnedStateMayBeMissing() throws IOException {
    replica.objects.keySet().removeAll(List.of(segment(5), segment(6), segment(7), segment(8)));
    assertThat(only().ok()).isFalse();
    new ReplicaArchive(replica, IMPATIENT).pin("kept", Listings.NEW, 4, PageHistory.COMMITTED_AT);
    GenerationReport report = only();
    assertThat(report.problems()).isEmpty();
    assertThat(report.ok()).isTrue();
    assertThat(report.recoverable()).containsExactly(new TxRange(1, 4), new TxRange(8, 12));
  }
}
