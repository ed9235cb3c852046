package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.event.StreamListener;
import dev.stream.core.monitor.StatusFile;
import dev.stream.core.retry.Retry;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Environment;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.GenerationCause;
import dev.stream.core.upload.Reconciliation;
import dev.stream.core.upload.ReplicaUploader;
import dev.stream.testkit.replica.Fault;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import dev.stream.testkit.replica.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that tear, replies that are lost, listings that come late, replicas wiped while idle. */
final class FaultyUploadsTest {

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private final MemoryReplica store = MemoryReplica.create();
  private final FaultyReplica replica = FaultyReplica.over(store.another());

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    database = new ModelDatabase(512, Bench.seed(0));
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  private void commit(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      database.commit();
      database.deliver();
    }
  }

  private static ScriptedReplica copy(Replica from) throws IOException {
    ScriptedReplica copy = new ScriptedReplica();
    try (ObjectListing listing = from.list("")) {
      while (listing.hasNext()) {
        ObjectInfo info = listing.next();
        try (InputStream in = from.open(info.key(), 0, Math.max(1, info.size()))) {
          copy.objects.put(info.key(), in.readAllBytes());
        }
      }
    }
    return copy;
  }

  private void proveWhole() throws IOException {
    assertThat(PlainRestore.provesAll(copy(store), database.history)).isEqualTo(database.txId);
    assertThat(PlainRestore.listing(copy(store)).generations()).hasSize(1);
  }

  @Test
  void tornUploadsAndLostRepliesAreRepeatedUntilTheReplicaHasEverything() throws Exception {
    replica.next(Operation.PUT, Fault.torn(0), Fault.torn(40), Fault.replyLost(), Fault.torn(200));
    replica.next(Operation.LIST, Fault.torn(0), Fault.replyLost());
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    commit(10);
    stream.sync(Bench.SOON);
    replica.next(Operation.PUT, Fault.replyLost(), Fault.torn(1));
    commit(10);
    stream.sync(Bench.SOON);
    // Where an answer was lost the object is found by the next attempt, or by a listing before it.
    assertThat(replica.failures(Operation.PUT)).isBetween(6, 8);
    assertThat(stream.close()).isEmpty();
    proveWhole();
  }

  @Test
  void aListingThatComesLateCostsWorkButNoData() throws Exception {
    bench.checkInterval = Duration.ofHours(1);
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    commit(3);
    stream.sync(Bench.SOON);
    replica.listLate(2);
    commit(3);
    stream.sync(Bench.SOON);
    int listings = replica.count(Operation.LIST);
    bench.now = bench.now.plus(bench.checkInterval);
    Bench.await("a listing", () -> replica.count(Operation.LIST) > listings);
    commit(3);
    stream.sync(Bench.SOON);
    replica.listLate(0);
    bench.now = bench.now.plus(bench.checkInterval);
    Bench.await("another listing", () -> replica.count(Operation.LIST) > listings + 1);
    commit(1);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    proveWhole();
  }

  @Test
  void aReplicaWipedWhileNothingIsCommittedIsSeededAgainAtTheNextCheck() throws Exception {
    bench.checkInterval = Duration.ofHours(1);
    ScriptedReplica wiped = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, wiped);
    commit(5);
    stream.sync(Bench.SOON);
    // The look that follows the first artefact comes before the next one at the latest.
    commit(1);
    stream.sync(Bench.SOON);
    int listings = wiped.listings.get();
    int stored = wiped.attempts.get();
    wiped.objects.clear();
    Path status = folder.resolve("s").resolve(StatusFile.NAME);
    Bench.await("the monitor", () -> java.nio.file.Files.exists(status));
    java.nio.file.Files.delete(status);
    bench.now = bench.now.plus(Duration.ofMinutes(59));
    Bench.await("a tick of the monitor", () -> java.nio.file.Files.exists(status));
    assertThat(wiped.listings.get()).isEqualTo(listings);
    bench.now = bench.now.plus(Duration.ofMinutes(1));
    Bench.await("seeded again", () -> wiped.listings.get() > listings && hasSnapshot(wiped));
    stream.sync(Bench.SOON);
    assertThat(wiped.listings.get())
        .as("one for the check, one since who writes there was written down anew")
        .isGreaterThanOrEqualTo(listings + 2)
        .as("and one when the snapshot ended that was being taken at the second one")
        .isLessThanOrEqualTo(listings + 3);
    assertThat(stream.close()).isEmpty();
    assertThat(wiped.attempts.get())
        .as("who writes there, the newest segment, and one snapshot")
        .isEqualTo(stored + 3);
    assertThat(PlainRestore.provesAll(wiped, database.history)).isEqualTo(database.txId);
  }

  private static boolean hasSnapshot(ScriptedReplica replica) {
    return PlainRestore.listing(replica).generations().stream()
        .anyMatch(generation -> !generation.snapshots().isEmpty());
  }

  @Test
  void closeSaysSoIfAReplicaIsFoundWipedTooLateForANewSnapshot() throws Exception {
    ScriptedReplica wiped = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, wiped);
    commit(5);
    stream.sync(Bench.SOON);
    database.commit(); // delivered by close
    wiped.wipe();
    List<String> left = stream.close();
    assertThat(left).anyMatch(each -> each.contains("replica r0 lacks"));
    database = database.reopened();
    stream = bench.start(folder.resolve("s"), database, wiped);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(wiped, database.history)).isEqualTo(database.txId);
  }

  @Test
  void aSegmentDeletedFromTheReplicaIsNotTakenForThere() throws Exception {
    bench.checkInterval = Duration.ofHours(1);
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    for (int i = 0; i < 3; i++) {
      commit(1);
      stream.sync(Bench.SOON);
    }
    List<ObjectInfo> segments = new java.util.ArrayList<>();
    try (ObjectListing listing = store.list("")) {
      while (listing.hasNext()) {
        ObjectInfo info = listing.next();
        if (info.key().value().contains("segments")) {
          segments.add(info);
        }
      }
    }
    store.delete(List.of(segments.get(0).key()));
    int listings = replica.count(Operation.LIST);
    bench.now = bench.now.plus(bench.checkInterval);
    Bench.await("a listing", () -> replica.count(Operation.LIST) > listings);
    Bench.await(
        "a new snapshot",
        () ->
            replica.stored().stream().filter(key -> key.value().contains("snapshots")).count()
                == 2);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    var generation = PlainRestore.listing(copy(store)).generations().get(0);
    assertThat(generation.snapshots().get(1).txId()).isEqualTo(database.txId);
  }

  @Test
  void aListingDoesNotUndoWhatWasStoredMeanwhile() throws Exception {
    GenerationId generation = new GenerationId("0000000000000001-00000000");
    SealedArtefact snapshot = SealedArtefact.snapshot(generation, 0, 9, Instant.EPOCH);
    ReplicaUploader uploader = uploader(List.of(snapshot), null);
    Reconciliation empty =
        new Reconciliation(List.of(snapshot), List.of(), false, false, null, Set.of(), -1);
    uploader.listingBegins();
    assertThat(uploader.listed(empty, generation, 0)).isTrue();
    uploader.relist();
    uploader.listingBegins();
    uploader.finished(snapshot, true);
    assertThat(uploader.listed(empty, generation, 0)).isFalse();
    assertThat(uploader.isListingDue()).isTrue();
    GenerationStart start =
        new GenerationStart(
            generation,
            DatabaseState.of(0, 0, 512, 0, ""),
            Instant.EPOCH,
            GenerationCause.DOUBT,
            "");
    assertThat(uploader.lackingSince(start)).isNull();
    uploader.listingBegins();
    assertThat(uploader.listed(empty, generation, 0)).isTrue();
    assertThat(uploader.lackingSince(start)).isNotNull();
  }

  @Test
  void beforeTheFirstListingMergedSegmentsOfAFormerRunAreDispensableBesideTheirPartsOnly() {
    GenerationId generation = new GenerationId("0000000000000001-00000000");
    SealedArtefact first = segment(generation, 0, 1, 1);
    SealedArtefact second = segment(generation, 0, 2, 2);
    SealedArtefact both = segment(generation, 1, 1, 2);
    ReplicaUploader whole = uploader(List.of(first, second, both), generation);
    assertThat(whole.dropMerged()).isTrue();
    assertThat(whole.pending()).containsExactlyInAnyOrder(first, second);
    ReplicaUploader part = uploader(List.of(second, both), generation);
    assertThat(part.dropMerged()).isFalse();
    assertThat(part.pending()).containsExactlyInAnyOrder(second, both);
  }

  private ReplicaUploader uploader(List<SealedArtefact> local, @Nullable GenerationId complete) {
    return new ReplicaUploader(
        "r",
        new ReplicaArchive(store, Retry.none()),
        local,
        complete,
        Environment.of("", Clock.systemUTC(), Sleeper.SYSTEM, StreamListener.SILENT));
  }

  private static SealedArtefact segment(GenerationId generation, int level, long from, long to) {
    return SealedArtefact.segment(generation, level, from, to, 9, Instant.EPOCH);
  }

  @Test
  void aReplicaThatRunsFullGetsTheRestWhenThereIsRoom() throws Exception {
    replica.capacity(100);
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    commit(30);
    Bench.await("it is full", () -> bench.count("failing r0") >= 1);
    replica.capacity(Long.MAX_VALUE);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    proveWhole();
  }
}
