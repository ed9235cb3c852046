package dev.stream.core.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.verify.GenerationReport;
import dev.stream.core.verify.ReplicaVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whole artefacts that do not make up what they say: the newest state that can be proven counts.
 */
class ProofSearchTest extends RestoreFixture {

  private static final RestoreTarget OLDER = new RestoreTarget.Newest(null, true);

  private GenerationReport verify() throws IOException {
    return new ReplicaVerifier(
            "one",
            new ReplicaArchive(replica, IMPATIENT),
            PageHistory::codecs,
            3,
            RestoreListener.SILENT)
        .verify(false)
        .generations()
        .get(0);
  }

  private void assertNewestProven(long txId) throws IOException {
    GenerationReport report = verify();
    assertThat(report.ok()).isFalse();
    assertThat(report.provenTxId()).isEqualTo(txId);
    assertThat(report.provenChecksum()).isEqualTo(history.checksum(txId));
    assertThat(report.states().last()).isEqualTo(txId);
    assertThat(report.problems()).anyMatch(problem -> problem.text().contains("do not make up"));
    assertThatThrownBy(() -> builder().build().restore())
        .hasMessageContaining("that can be proven here is that of transaction " + txId);
    assertThat(files()).isEmpty();
    assertThat(builder().state(OLDER).build().restore().txId()).isEqualTo(txId);
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(txId));
    assertThat(files()).containsExactly("app.db");
  }

  @Test
  void theStateBeforeACommitThatWasNotSeen() throws IOException {
    history.change(1, 10, 12);
    history.emptySegment(replica, 10);
    assertNewestProven(9);
  }

  @Test
  void theSnapshotIfNothingAfterItIsRight() throws IOException {
    history.change(1, 9, 12);
    history.emptySegment(replica, 9);
    assertNewestProven(8);
  }

  @Test
  void aStateThatIsRightAgain() throws IOException {
    history.states.put(9L, history.states.get(8L).clone());
    history.change(1, 9, 9);
    history.emptySegment(replica, 9);
    // The next commit writes the page that is lacking.
    history.segment(replica, 0, 10, 10);
    history.change(1, 12, 12);
    history.emptySegment(replica, 12);
    assertNewestProven(11);
  }

  @Test
  void byNarrowSegmentsWhereAWideOneIsWrong() throws IOException {
    String wide = history.segment(replica, 1, 9, 12).value();
    byte[] state = history.states.get(12L);
    replica.objects.put(wide, history.artefact(history.header(1, 8, 12, 0), state, List.of()));
    RestoreState restored = builder().build().restore();
    assertThat(restored.txId()).isEqualTo(12);
    assertThat(restored.segments()).isEqualTo(4);
    assertRestored();
  }

  @Test
  void theLastBeforeSegmentsOfAnotherHistory() throws IOException {
    PageHistory other = new PageHistory(Listings.NEW, 512, new Random(9)).begin(10, 20).commit(2);
    for (long txId = 11; txId <= 12; txId++) {
      other.segment(replica, 0, txId, txId);
    }
    assertThat(builder().state(OLDER).build().restore().txId()).isEqualTo(10);
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(10L));
    assertThat(verify().provenTxId()).isEqualTo(10);
  }

  @Test
  void anotherReplicaThatHasTheNewestComesBeforeAnOlderState() throws IOException {
    TestReplica whole = new TestReplica();
    whole.objects.putAll(replica.objects);
    replica.objects.put(ArtefactKeys.segment(Listings.NEW, 0, 10, 10).value(), new byte[9]);
    RestoreState state = builder().replica("two", whole).state(OLDER).build().restore();
    assertThat(state.txId()).isEqualTo(12);
    assertThat(state.replica()).isEqualTo("two");
    assertRestored();
  }

  @Test
  void theNewestOfWhatTheReplicasCanYieldIsTaken() throws IOException {
    TestReplica lagging = new TestReplica();
    lagging.objects.putAll(replica.objects);
    lagging.objects.keySet().removeIf(key -> key.endsWith(segmentEnd(12)));
    lagging.objects.keySet().removeIf(key -> key.endsWith(segmentEnd(11)));
    replica.objects.put(ArtefactKeys.segment(Listings.NEW, 0, 10, 10).value(), new byte[9]);
    RestoreState state = builder().replica("two", lagging).state(OLDER).build().restore();
    assertThat(state.txId()).isEqualTo(10);
    assertThat(state.replica()).isEqualTo("two");
  }

  private static String segmentEnd(int txId) {
    String key = ArtefactKeys.segment(Listings.NEW, 0, txId, txId).value();
    return key.substring(key.lastIndexOf('/'));
  }
}
