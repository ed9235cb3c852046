package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.restore.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments are merged while commits go on, and replicas get the same ones. */
final class CompactionReplicationTest {

  private static final List<Duration> LEVELS =
      List.of(Duration.ofMillis(100), Duration.ofMillis(400), Duration.ofSeconds(2));

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    bench.compaction = LEVELS;
    bench.sleeper = Bench.SHORT_PAUSES;
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  private void commit(ModelDatabase database) throws IOException {
    database.commit();
    database.deliver();
    bench.now = bench.now.plusMillis(20);
  }

  /** Each commit a segment of its own. */
  private void commits(Replication stream, ModelDatabase database, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      commit(database);
      stream.sync(Bench.SOON);
    }
  }

  private static long merged(ScriptedReplica replica, int level) {
    return PlainRestore.listing(replica).generations().stream()
        .flatMap(generation -> generation.segments().stream())
        .filter(segment -> segment.level() == level)
        .count();
  }

  private static boolean isQuiet(Replication stream) {
    return stream.status().replicas().stream().allMatch(each -> each.pendingArtefacts() == 0);
  }

  @Test
  void replicasHoldTheSameMergedSegmentsAndARestoreFromThemIsTheDatabase() throws Exception {
    long seed = Bench.seed(0);
    Random random = new Random(seed);
    ModelDatabase database = new ModelDatabase(512, seed);
    ScriptedReplica first = new ScriptedReplica();
    ScriptedReplica second = new ScriptedReplica();
    for (int run = 0; run < 3; run++) {
      Replication stream = bench.start(folder.resolve("s"), database, first, second);
      for (int i = 0; i < 60; i++) {
        second.failure = random.nextInt(8) == 0 ? Reason.UNAVAILABLE : null;
        commit(database);
        if (random.nextInt(3) == 0 && second.failure == null) {
          stream.sync(Bench.SOON);
        }
        if (random.nextInt(20) == 0) {
          stream.snapshotNow();
        }
      }
      second.failure = null;
      stream.sync(Bench.SOON);
      bench.now = bench.now.plusSeconds(5);
      if (run == 2) {
        Bench.await("the widest level", () -> merged(first, 3) > 0 && merged(second, 3) > 0);
      }
      assertThat(stream.close()).isEmpty();
      database = database.reopened();
    }
    requireCovered(first, second);
    requireCovered(second, first);
    second.objects.forEach(
        (key, bytes) -> assertThat(first.objects.getOrDefault(key, bytes)).isEqualTo(bytes));
    assertThat(PlainRestore.listing(first).generations()).hasSize(1);
    for (int level = 1; level <= 3; level++) {
      assertThat(merged(first, level)).as("level %d, seed %d", level, seed).isPositive();
    }
    assertThat(PlainRestore.provesAll(first, database.history)).isEqualTo(database.txId);
    assertThat(restored(first)).isEqualTo(database.bytes());
    withoutWhatIsCovered(first);
    assertThat(PlainRestore.provesAll(first, database.history)).isEqualTo(database.txId);
    assertThat(restored(first)).isEqualTo(database.bytes());
  }

  /** A replica that lagged may lack a segment of which it has had a wider one before. */
  private static void requireCovered(ScriptedReplica there, ScriptedReplica here) {
    GenerationListing has = PlainRestore.listing(here).generations().get(0);
    for (SegmentDescriptor segment : PlainRestore.listing(there).generations().get(0).segments()) {
      assertThat(has.segments())
          .as("what covers %s", segment.key())
          .anyMatch(
              one ->
                  one.level() >= segment.level()
                      && one.firstTxId() <= segment.firstTxId()
                      && one.lastTxId() >= segment.lastTxId());
    }
  }

  /** What remains on a replica when all that wider segments cover has gone. */
  private static void withoutWhatIsCovered(ScriptedReplica replica) {
    for (GenerationListing generation : PlainRestore.listing(replica).generations()) {
      long newest = generation.snapshots().get(generation.snapshots().size() - 1).txId();
      for (SegmentDescriptor segment : generation.segments()) {
        boolean covered =
            generation.segments().stream()
                .anyMatch(
                    wider ->
                        wider.level() > segment.level()
                            && wider.level() < 3
                            && wider.firstTxId() <= segment.firstTxId()
                            && wider.lastTxId() >= segment.lastTxId());
        if (covered || segment.lastTxId() <= newest) {
          replica.objects.remove(segment.key());
        }
      }
      generation.snapshots().stream()
          .filter(snapshot -> snapshot.txId() < newest)
          .forEach(snapshot -> replica.objects.remove(snapshot.key()));
      // A widest one may begin before the newest snapshot.
      generation.segments().stream()
          .filter(segment -> segment.level() == 3 && segment.parentTxId() < newest)
          .forEach(segment -> replica.objects.remove(segment.key()));
    }
  }

  private byte[] restored(ScriptedReplica replica) throws Exception {
    Path target = folder.resolve("restored");
    Files.deleteIfExists(target);
    Restorer.builder(target, name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS))
        .replica("r", replica)
        .build()
        .restore();
    return Files.readAllBytes(target);
  }

  @Test
  void theShadowDirectoryKeepsOnlyWhatMayYetBeMerged() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    commits(stream, database, 60);
    bench.now = bench.now.plusSeconds(10);
    Bench.await("everything is merged", () -> segments() <= 1 && isQuiet(stream));
    assertThat(merged(replica, 0)).isEqualTo(60);
    SegmentDescriptor newest =
        PlainRestore.listing(replica).generations().get(0).segments().stream()
            .filter(segment -> segment.level() == 0 && segment.lastTxId() == 60)
            .findFirst()
            .orElseThrow();
    assertThat(folder.resolve("s").resolve(newest.key().value())).exists(); // to resume from
    long objects = replica.objects.size();
    int listings = replica.listings.get();
    int attempts = replica.attempts.get();
    bench.now = bench.now.plusSeconds(3600); // less than checkInterval
    Bench.await("the status was written", this::statusIsNew);
    assertThat(replica.objects).hasSize((int) objects);
    assertThat(replica.listings).hasValue(listings);
    assertThat(replica.attempts).hasValue(attempts);
    assertThat(stream.close()).isEmpty();
  }

  private boolean statusIsNew() {
    try {
      return Files.readString(folder.resolve("s/status.json")).contains(bench.now.toString());
    } catch (IOException e) {
      return false;
    }
  }

  private long segments() {
    try (Stream<Path> files = Files.walk(folder.resolve("s"))) {
      return files
          .filter(file -> file.toString().contains("segments") && Files.isRegularFile(file))
          .count();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Long.MAX_VALUE; // something went meanwhile
    }
  }

  @Test
  void aMergedSegmentThatAReplicaLacksIsNoLagAndHoldsUpNoSync() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    ScriptedReplica picky = new ScriptedReplica();
    picky.refused = key -> key.value().contains("/segments/1/");
    Replication stream = bench.start(folder.resolve("s"), database, replica, picky);
    commits(stream, database, 40);
    Bench.await("merged", () -> merged(replica, 1) > 2);
    Bench.await("refused", () -> bench.count("failing r1") > 0);
    assertThat(stream.status().replicas().get(1).pendingArtefacts()).isPositive();
    Bench.await("no lag", () -> stream.dataLossWindow("r1").isZero()); // a log may just be removed
    commits(stream, database, 3);
    assertThat(merged(picky, 0)).isEqualTo(43);
    picky.refused = key -> false;
    Bench.await("caught up", () -> merged(picky, 1) > 2);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(picky, database.history)).isEqualTo(database.txId);
  }

  @Test
  void whatIsMergedStaysUntilAReplicaThatIsDownHasItsParts() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    ScriptedReplica down = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, replica, down);
    commits(stream, database, 1);
    down.failure = Reason.UNAVAILABLE;
    for (int i = 0; i < 40; i++) {
      commit(database);
      long txId = database.txId;
      Bench.await("sealed", () -> stream.status().replicas().get(0).txId() == txId);
    }
    Bench.await("merged", () -> merged(replica, 1) > 2);
    down.failure = null;
    stream.sync(Duration.ofSeconds(60));
    Bench.await("the same", () -> down.objects.keySet().equals(replica.objects.keySet()));
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(down, database.history)).isEqualTo(database.txId);
  }

  @Test
  void aReplicaThatIsEmptiedGetsMergedSegmentsForPartsThatAreGone() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    commits(stream, database, 40);
    Bench.await("merged", () -> merged(replica, 1) > 2 && isQuiet(stream));
    replica.wipe();
    commit(database);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void aDamagedPartStaysUnmergedAndTheRestGoesOn() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    commits(stream, database, 2);
    ObjectKey second = PlainRestore.listing(replica).generations().get(0).segments().get(1).key();
    Files.write(folder.resolve("s").resolve(second.value()), new byte[] {1, 2, 3});
    commits(stream, database, 60);
    Bench.await("merged", () -> merged(replica, 1) > 5);
    assertThat(PlainRestore.listing(replica).generations().get(0).segments())
        .noneMatch(segment -> segment.level() > 0 && segment.firstTxId() <= 2);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void closingMergesNothingAndTheNextStartGoesOn() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    bench.compaction = List.of(Duration.ofMinutes(1));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    commits(stream, database, 10);
    bench.now = bench.now.plusSeconds(600);
    bench.now = bench.now.minusSeconds(600);
    assertThat(stream.close()).isEmpty();
    assertThat(merged(replica, 1)).isZero();
    bench.now = bench.now.plusSeconds(600);
    stream = bench.start(folder.resolve("s"), database.reopened(), replica);
    Bench.await("merged", () -> merged(replica, 1) == 1);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void cutsAreRememberedOverARestart() throws Exception {
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    bench.compaction = List.of(Duration.ofMinutes(1), Duration.ofHours(1));
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    commits(stream, database, 5);
    Bench.await(
        "snapshot",
        () -> {
          stream.snapshotNow();
          return PlainRestore.listing(replica).generations().get(0).snapshots().size() == 2;
        });
    commits(stream, database, 5);
    assertThat(stream.close()).isEmpty();
    bench.now = bench.now.plusSeconds(600);
    Replication second = bench.start(folder.resolve("s"), database.reopened(), replica);
    Bench.await("merged", () -> merged(replica, 1) >= 2);
    GenerationListing generation = PlainRestore.listing(replica).generations().get(0);
    for (SegmentDescriptor segment : generation.segments()) {
      assertThat(generation.snapshots())
          .noneMatch(
              snapshot ->
                  snapshot.txId() >= segment.firstTxId() && snapshot.txId() < segment.lastTxId());
    }
    assertThat(second.close()).isEmpty();
  }
}
