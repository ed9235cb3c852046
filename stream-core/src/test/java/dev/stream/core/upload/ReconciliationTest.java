package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
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
    return SealedArtefact.snapshot(generation, txId, 9, Instant.EPOCH);
  }

  private static SealedArtefact segment(GenerationId generation, long first, long last) {
    return SealedArtefact.segment(generation, 0, first, last, 9, Instant.EPOCH);
  }

  private static SealedArtefact merged(int level, GenerationId generation, long first, long last) {
    return SealedArtefact.segment(generation, level, first, last, 9, Instant.EPOCH);
  }

  private static ArtefactDescriptor there(SealedArtefact artefact, long size) {
    return artefact.snapshot()
        ? new SnapshotDescriptor(artefact.generation(), artefact.lastTxId(), size, Instant.EPOCH)
        : new SegmentDescriptor(
            artefact.generation(),
            artefact.level(),
            artefact.firstTxId(),
            artefact.lastTxId(),
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

  @Test
  void aMergedSegmentBesideItsPartsIsSpare() {
    SealedArtefact wide = merged(1, NOW, 1, 3);
    SealedArtefact wider = merged(2, NOW, 1, 5);
    Reconciliation parts =
        of(
            replica(snapshot(NOW, 0), segment(NOW, 1, 2)),
            5,
            segment(NOW, 3, 3),
            segment(NOW, 4, 5),
            wide,
            wider);
    assertThat(parts.missing()).containsExactly(segment(NOW, 3, 3), segment(NOW, 4, 5));
    assertThat(parts.spare()).containsExactly(wide, wider);
    assertThat(parts.hole()).isFalse();
  }

  @Test
  void aMergedSegmentWhosePartsAreGoneIsMissing() {
    SealedArtefact wide = merged(1, NOW, 1, 3);
    SealedArtefact wider = merged(2, NOW, 1, 5);
    Reconciliation emptied = of(replica(), 5, snapshot(NOW, 0), wide, segment(NOW, 4, 5), wider);
    assertThat(emptied.missing())
        .containsExactlyInAnyOrder(snapshot(NOW, 0), wide, segment(NOW, 4, 5));
    assertThat(emptied.spare()).containsExactly(wider);
    assertThat(emptied.hole()).isFalse();
    assertThat(of(replica(), 5, snapshot(NOW, 0), wider).missing())
        .containsExactlyInAnyOrder(snapshot(NOW, 0), wider);
  }

  @Test
  void whatAWiderSegmentThereCoversIsNotLacking() {
    ArchiveListing replica = replica(snapshot(NOW, 0), merged(2, NOW, 1, 8));
    assertThat(of(replica, 8, segment(NOW, 3, 3), merged(1, NOW, 1, 4)))
        .isEqualTo(
            new Reconciliation(List.of(), List.of(), false, true, null, java.util.Set.of(), -1));
    assertThat(of(replica, 9, segment(NOW, 8, 9)).missing())
        .as("in part is not enough")
        .containsExactly(segment(NOW, 8, 9));
    assertThat(of(replica, 8, merged(3, NOW, 1, 8)).spare())
        .as("a wider one than there")
        .containsExactly(merged(3, NOW, 1, 8));
  }

  @Test
  void whatEndsBeforeTheOldestSnapshotThereIsNotLacking() {
    ArchiveListing pruned = replica(snapshot(NOW, 4), segment(NOW, 5, 6));
    Reconciliation found =
        of(
            pruned,
            6,
            snapshot(NOW, 2),
            segment(NOW, 1, 2),
            segment(NOW, 3, 4),
            merged(1, NOW, 1, 4));
    assertThat(found.missing()).isEmpty();
    assertThat(found.spare()).isEmpty();
    assertThat(found.hole()).isFalse();
    assertThat(of(pruned, 6, segment(NOW, 3, 5)).missing())
        .as("what leads past it is")
        .containsExactly(segment(NOW, 3, 5));
  }

  @Test
  void aSnapshotOlderThanTheNewestThereIsNotLacking() {
    ArchiveListing replica = replica(snapshot(NOW, 2), snapshot(NOW, 6), segment(NOW, 3, 6));
    assertThat(of(replica, 6, snapshot(NOW, 4)).missing()).isEmpty();
    assertThat(of(replica, 6, snapshot(NOW, 6)).missing()).isEmpty();
    assertThat(of(replica, 7, snapshot(NOW, 7), segment(NOW, 7, 7)).missing())
        .contains(snapshot(NOW, 7));
  }

  @Test
  void narrowerSegmentsBridgeWhatTheWidestDoNot() {
    ArchiveListing replica =
        replica(snapshot(NOW, 3), merged(2, NOW, 1, 8), merged(1, NOW, 4, 8), segment(NOW, 9, 9));
    assertThat(of(replica, 9, segment(NOW, 9, 9)).hole()).isFalse();
    ArchiveListing without = replica(snapshot(NOW, 3), merged(2, NOW, 1, 8), segment(NOW, 9, 9));
    assertThat(of(without, 9, segment(NOW, 9, 9)).hole()).isTrue();
    ArchiveListing older =
        replica(snapshot(NOW, 0), snapshot(NOW, 3), merged(2, NOW, 1, 8), segment(NOW, 9, 9));
    assertThat(of(older, 9, segment(NOW, 9, 9)).hole()).as("the older snapshot leads on").isFalse();
  }
}
