package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How far a replica leads, in whatever order it gets what it lacks. */
final class ReplicaReachTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final GenerationId GENERATION = new GenerationId("0000019b76daa800-00000001");

  private final ReplicaReach reach = new ReplicaReach(null);

  private static SealedArtefact snapshot(long txId) {
    return SealedArtefact.snapshot(GENERATION, txId, 100, NOW);
  }

  private static SealedArtefact segment(long first, long last) {
    return SealedArtefact.segment(GENERATION, 0, first, last, 100, NOW);
  }

  @Test
  void segmentsThatCameBeforeTheSnapshotCount() {
    reach.listedWithoutSnapshot(0);
    assertThat(reach.stored(segment(1, 2), true)).isFalse();
    assertThat(reach.stored(segment(3, 3), true)).isFalse();
    assertThat(reach.reached()).as("nothing can be restored yet").isEqualTo(-1);
    assertThat(reach.stored(snapshot(0), true)).isFalse();
    assertThat(reach.reached()).isEqualTo(3);
    assertThat(reach.stored(segment(4, 5), true)).isFalse();
    assertThat(reach.reached()).isEqualTo(5);
  }

  @Test
  void segmentsBehindAHoleDoNotCount() {
    reach.listedWithoutSnapshot(0);
    assertThat(reach.stored(segment(5, 6), true)).isFalse();
    assertThat(reach.stored(snapshot(2), true)).as("a listing has to tell").isTrue();
    assertThat(reach.reached()).isEqualTo(2);
  }

  @Test
  void segmentsThatWereThereBeforeHaveToBeListed() {
    reach.listedWithoutSnapshot(6);
    assertThat(reach.stored(snapshot(2), true)).isTrue();
    assertThat(reach.reached()).isEqualTo(2);
    reach.listed(GENERATION, 6);
    assertThat(reach.reached()).isEqualTo(6);
  }

  @Test
  void aSnapshotOfEverythingNeedsNoListing() {
    reach.listedWithoutSnapshot(6);
    assertThat(reach.stored(segment(5, 6), true)).isFalse();
    assertThat(reach.stored(snapshot(6), true)).isFalse();
    assertThat(reach.reached()).isEqualTo(6);
  }

  @Test
  void segmentsOfAnotherGenerationDoNotCount() {
    GenerationId later = new GenerationId("0000019b76daa801-00000001");
    assertThat(reach.stored(segment(1, 2), true)).isFalse();
    assertThat(reach.stored(SealedArtefact.snapshot(later, 0, 100, NOW), true)).isFalse();
    assertThat(reach.generation()).isEqualTo(later);
    assertThat(reach.reached()).isEqualTo(0);
  }
}
