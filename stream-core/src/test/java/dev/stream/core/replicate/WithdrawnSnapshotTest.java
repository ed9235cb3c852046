package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.event.StreamListener;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Environment;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.upload.Reconciliation;
import dev.stream.core.upload.ReplicaUploader;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot that cannot be had any more, while a replica waits for it. */
final class WithdrawnSnapshotTest {

  private static final GenerationId FORMER = new GenerationId("0000000000000001-00000000");
  private static final GenerationId CURRENT = new GenerationId("0000000000000002-00000000");
  private static final SealedArtefact SNAPSHOT =
      SealedArtefact.snapshot(CURRENT, 7, 100, Instant.EPOCH);

  private final ReplicaUploader uploader =
      new ReplicaUploader(
          "r0",
          new ReplicaArchive(new ScriptedReplica()),
          List.of(),
          null,
          Environment.of("", Clock.systemUTC(), Sleeper.SYSTEM, StreamListener.SILENT));

  @BeforeEach
  void list() {
    uploader.listingBegins();
    Reconciliation nothingLacks =
        new Reconciliation(List.of(), List.of(), false, true, null, Set.of(), -1);
    assertThat(uploader.listed(nothingLacks, FORMER, 7)).isTrue();
    assertThat(uploader.isListingDue()).isFalse();
  }

  @Test
  void theReplicaIsListedAndAsksForAnother() {
    uploader.offer(SNAPSHOT);
    assertThat(uploader.awaits(SNAPSHOT)).isTrue();
    assertThat(uploader.withdraw(SNAPSHOT)).isTrue();
    assertThat(uploader.isListingDue()).isTrue();
    assertThat(uploader.needs(SNAPSHOT)).isFalse();
  }

  @Test
  void oneThatIsHeldBackAsksForNothingUntilItIsReleased() {
    uploader.offer(SNAPSHOT);
    uploader.holdBack(FORMER, "another database took its place");
    assertThat(uploader.awaits(SNAPSHOT)).isFalse();
    assertThat(uploader.withdraw(SNAPSHOT)).isTrue();
    assertThat(uploader.isListingDue())
        .as("or a snapshot would be taken again and again")
        .isFalse();
    uploader.release(null, null);
    assertThat(uploader.isListingDue()).isTrue();
  }

  @Test
  void oneThatDidNotWaitIsLeftAlone() {
    assertThat(uploader.withdraw(SNAPSHOT)).isFalse();
    assertThat(uploader.isListingDue()).isFalse();
  }
}
