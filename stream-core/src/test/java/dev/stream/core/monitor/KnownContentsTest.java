package dev.stream.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.event.StreamListener;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Environment;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.status.ReplicaContents;
import dev.stream.core.upload.ReplicaUploader;
import dev.stream.testkit.replica.MemoryReplica;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a replica holds is known from its last listing and from what was stored since. */
final class KnownContentsTest {

  private static final GenerationId OLD = new GenerationId("0000000000000001-00000000");
  private static final GenerationId NEW = new GenerationId("0000000000000002-00000000");

  private final ReplicaUploader uploader =
      new ReplicaUploader(
          "r",
          new ReplicaArchive(MemoryReplica.create()),
          List.of(),
          null,
          Environment.of("db", Clock.systemUTC(), Sleeper.SYSTEM, StreamListener.SILENT));
  private final KnownContents known = new KnownContents(List.of(uploader));

  private static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  private static SealedArtefact snapshot(long txId) {
    return SealedArtefact.snapshot(NEW, txId, 7, at(0));
  }

  private static SealedArtefact segment(long txId) {
    return SealedArtefact.segment(NEW, 0, txId, txId, 7, at(0));
  }

  private ReplicaContents contents() {
    assertThat(known.contents()).hasSize(1);
    return known.contents().get(0);
  }

  @Test
  void nothingIsKnownBeforeAListing() {
    assertThat(contents()).isEqualTo(new ReplicaContents("r", null, List.of(), List.of()));
    assertThat(contents().snapshotAt()).isNull();
  }

  @Test
  void aListingTellsAndWhatIsStoredIsAdded() {
    PinDescriptor pin = new PinDescriptor("p", OLD, 4, ArtefactKeys.snapshot(OLD, 4), at(5));
    known.listed(
        uploader,
        ArchiveListing.of(
            List.of(
                new SnapshotDescriptor(OLD, 1, 7, at(1)),
                new SegmentDescriptor(OLD, 0, 2, 4, 7, at(4)),
                new SnapshotDescriptor(NEW, 5, 7, at(6))),
            List.of(pin)),
        at(10));
    known.stored(uploader, segment(6), at(11));
    known.stored(uploader, snapshot(6), at(12));
    ReplicaContents contents = contents();
    assertThat(contents.listedAt()).isEqualTo(at(10));
    assertThat(contents.generations())
        .extracting(ReplicaContents.Generation::generation)
        .containsExactly(OLD.value(), NEW.value());
    assertThat(contents.generations().get(0).txId()).isEqualTo(4);
    assertThat(contents.generations().get(0).storedAt()).isEqualTo(at(4));
    ReplicaContents.Generation newest = contents.generations().get(1);
    assertThat(newest.snapshots())
        .extracting(ReplicaContents.Snapshot::txId)
        .containsExactly(5L, 6L);
    assertThat(newest.txId()).isEqualTo(6);
    assertThat(newest.storedAt()).isEqualTo(at(12));
    assertThat(contents.snapshotAt()).isEqualTo(at(12));
    assertThat(contents.pins())
        .containsExactly(new ReplicaContents.Pin("p", OLD.value(), 4, at(5)));
  }

  /** It may have been stored when the listing was under way; the next one decides. */
  @Test
  void aSnapshotThatAListingDoesNotShowYetStaysUntilTheNext() {
    known.stored(uploader, snapshot(6), at(12));
    known.listed(uploader, ArchiveListing.of(List.of()), at(13));
    assertThat(contents().snapshotAt()).isEqualTo(at(12));
    known.listed(uploader, ArchiveListing.of(List.of()), at(14));
    assertThat(contents().snapshotAt()).isNull();
    assertThat(contents().generations()).isEmpty();
  }
}
