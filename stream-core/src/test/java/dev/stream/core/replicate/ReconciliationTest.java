package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.shadow.SealedArtefact;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a replica lacks, by listings alone. */
final class ReconciliationTest {

  private static final GenerationId OLD = new GenerationId("0000000000000001-00000000");
  private static final GenerationId NOW = new GenerationId("0000000000000002-00000000");
  private static final GenerationId LATER = new GenerationId("0000000000000003-00000000");

  private static SealedArtefact snapshot(GenerationId generation, long txId) {
    return new SealedArtefact(
        true, generation, 0, txId, txId, ArtefactKeys.snapshot(generation, txId), 9, Instant.EPOCH);
  }

  private static SealedArtefact segment(GenerationId generation, long first, long last) {
    return new SealedArtefact(
        false,
        generation,
        0,
        first,
        last,
        ArtefactKeys.segment(generation, 0, first, last),
        9,
        Instant.EPOCH);
  }

  private static ArtefactDescriptor there(SealedArtefact artefact, long size) {
    return artefact.snapshot()
        ? new SnapshotDescriptor(
            artefact.generation(), artefact.lastTxId(), artefact.key(), size, Instant.EPOCH)
        : new SegmentDescriptor(
            artefact.generation(),
            0,
            artefact.firstTxId(),
            artefact.lastTxId(),
            artefact.key(),
            size,
            Instant.EPOCH);
  }

  private static ArchiveListing replica(SealedArtefact... artefacts) {
    return ArchiveListing.of(Stream.of(artefacts).map(each -> there(each, each.size())).toList());
  }

  private static Reconciliation of(
      ArchiveListing replica, long sealedTxId, SealedArtefact... shadow) {
    return Reconciliation.of(replica, List.of(shadow), NOW, sealedTxId);
  }

  @Test
  void aReplicaThatHasEverythingLacksNothing() {
    Reconciliation found =
        of(
            replica(snapshot(NOW, 0), segment(NOW, 1, 4), segment(NOW, 5, 5)),
            5,
            segment(NOW, 5, 5));
    assertThat(found)
        .isEqualTo(
            new Reconciliation(List.of(), List.of(), false, true, null, java.util.Set.of(), -1));
  }

  @Test
  void anEmptyReplicaGetsWhatIsHereAndANewSnapshotIfThatDoesNotReach() {
    Reconciliation whole = of(replica(), 4, snapshot(NOW, 0), segment(NOW, 1, 4));
    assertThat(whole.missing()).containsExactlyInAnyOrder(segment(NOW, 1, 4), snapshot(NOW, 0));
    assertThat(whole.hole()).isFalse();
    assertThat(whole.snapshot()).isFalse();
    Reconciliation pruned = of(replica(), 5, segment(NOW, 5, 5));
    assertThat(pruned.missing()).containsExactly(segment(NOW, 5, 5));
    assertThat(pruned.hole()).isTrue();
  }

  @Test
  void anArtefactOfAnotherLengthIsBroughtAgain() {
    SealedArtefact torn = segment(NOW, 1, 4);
    ArchiveListing replica = ArchiveListing.of(List.of(there(snapshot(NOW, 0), 9), there(torn, 8)));
    assertThat(of(replica, 4, torn).missing()).containsExactly(torn);
  }

  @Test
  void aMissingSegmentThatIsNoLongerHereIsAHole() {
    ArchiveListing replica = replica(snapshot(NOW, 0), segment(NOW, 1, 1), segment(NOW, 3, 3));
    assertThat(of(replica, 3, segment(NOW, 3, 3)).hole()).isTrue();
    assertThat(of(replica, 3, segment(NOW, 2, 2), segment(NOW, 3, 3)).hole()).isFalse();
  }

  @Test
  void aLaterSnapshotBridgesAHole() {
    ArchiveListing replica = replica(snapshot(NOW, 0), snapshot(NOW, 2), segment(NOW, 3, 3));
    assertThat(of(replica, 3, segment(NOW, 3, 3)).hole()).isFalse();
  }

  @Test
  void onlyTheNewestSnapshotIsBrought() {
    assertThat(of(replica(), 8, snapshot(NOW, 0), snapshot(NOW, 8)).missing())
        .containsExactly(snapshot(NOW, 8));
  }

  @Test
  void ofAnEndedGenerationOnlyWhatFollowsIsBrought() {
    ArchiveListing replica = replica(snapshot(OLD, 0), segment(OLD, 1, 2));
    Reconciliation follows =
        of(replica, 5, segment(OLD, 3, 4), segment(OLD, 5, 5), snapshot(NOW, 5));
    assertThat(follows.missing())
        .containsExactlyInAnyOrder(segment(OLD, 3, 4), segment(OLD, 5, 5), snapshot(NOW, 5));
    assertThat(follows.givenUp()).isEmpty();
    Reconciliation gap = of(replica, 5, segment(OLD, 4, 4), snapshot(NOW, 5));
    assertThat(gap.missing()).containsExactly(snapshot(NOW, 5));
    assertThat(gap.givenUp()).containsExactly(OLD);
    assertThat(gap.hole()).isFalse();
  }

  @Test
  void aLaterGenerationIsForeignAndATransactionOnlyTheReplicaKnowsIsTold() {
    assertThat(of(replica(snapshot(LATER, 1)), 0, snapshot(NOW, 0)).foreign()).isEqualTo(LATER);
    Reconciliation beyond = of(replica(snapshot(NOW, 0), segment(NOW, 1, 9)), 4);
    assertThat(beyond.beyond()).isEqualTo(9);
    assertThat(beyond.foreign()).isNull();
  }
}
