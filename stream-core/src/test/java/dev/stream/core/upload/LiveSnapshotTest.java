package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.ImageGivenUpException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.replicate.Bench;
import dev.stream.core.replicate.GatedReplica;
import dev.stream.core.replicate.ModelDatabase;
import dev.stream.core.replicate.PlainRestore;
import dev.stream.core.replicate.Replication;
import dev.stream.core.replicate.ScriptedCodec;
import dev.stream.core.replicate.ScriptedReplica;
import dev.stream.core.schedule.ScanPace;
import dev.stream.core.schedule.SnapshotBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that replicas take from the database itself: what is on the disk meanwhile. */
@Timeout(120)
final class LiveSnapshotTest {

  private static final int PAGE = 4096;
  private static final int PAGES = 1_000;
  private static final long FEW_BYTES = 300_000; // the table of page hashes, segments, notes

  @TempDir Path folder;
  private Bench bench;
  private Path shadow;
  private ModelDatabase database;
  private final Random random = new Random(Bench.seed(0));
  private final ScriptedReplica good = new ScriptedReplica();
  private final ScriptedReplica other = new ScriptedReplica();
  private final GatedReplica gated = new GatedReplica(other);

  @BeforeEach
  void setUp() throws Exception {
    bench = new Bench();
    bench.sleeper = Bench.SHORT_PAUSES;
    shadow = folder.resolve("s");
    database = new ModelDatabase(PAGE, random.nextLong());
    byte[] content = new byte[PAGES * PAGE];
    random.nextBytes(content);
    database.put(content);
    bounds(Duration.ofSeconds(30), Duration.ofMinutes(1), disk -> 0);
  }

  @AfterEach
  void noThreadIsLeft() {
    gated.gate.countDown();
    bench.stop();
    assertThat(database.openImages).hasValue(0);
  }

  private void bounds(Duration stall, Duration patience, LongUnaryOperator reserve) {
    bench.snapshots = new SnapshotBounds(1 << 20, 1 << 20, stall, stall, 100, patience, reserve);
  }

  private void commit() throws IOException {
    byte[] next = database.bytes();
    random.nextBytes(next); // but only a page of it
    byte[] now = database.bytes();
    System.arraycopy(next, 0, now, random.nextInt(PAGES) * PAGE, PAGE);
    database.put(now);
    database.deliver();
  }

  /** All that is in the shadow directory. */
  private long bytes() {
    return files().mapToLong(LiveSnapshotTest::size).sum();
  }

  private boolean hasCopy() {
    return files().anyMatch(file -> file.toString().contains("/snapshots/"));
  }

  private Stream<Path> files() {
    try (Stream<Path> walk = Files.walk(shadow)) {
      return walk.toList().stream();
    } catch (IOException | java.io.UncheckedIOException e) {
      return files(); // something went meanwhile
    }
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static long snapshots(ScriptedReplica replica) {
    return replica.objects.keySet().stream()
        .filter(key -> key.value().contains("/snapshots/"))
        .count();
  }

  private void prove(ScriptedReplica replica) throws IOException {
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    assertThat(PlainRestore.newest(replica)).isEqualTo(database.bytes());
    assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
  }

  private void reach(java.util.concurrent.CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void replicasTakeItAtTheirOwnPaceAndNothingOfItIsOnTheDisk() throws Exception {
    Replication stream = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    Bench.await("the other one has it", () -> snapshots(good) == 1);
    for (int i = 0; i < 5; i++) {
      commit();
    }
    Bench.await("commits go on", () -> good.objects.size() > 1);
    assertThat(bytes()).isLessThan(FEW_BYTES);
    assertThat(stream.status().shadowBytes()).isLessThan(FEW_BYTES);
    assertThat(database.openImages).hasValue(1);
    gated.gate.countDown();
    stream.sync(Bench.SOON);
    Bench.await("the image is let go of", () -> database.openImages.get() == 0);
    assertThat(stream.close()).isEmpty();
    assertThat(bytes()).isLessThan(FEW_BYTES);
    assertThat(gated.snapshots).hasValue(1);
    prove(good);
    prove(other);
  }

  @Test
  void captureIsProvenWhileAReplicaTakesItsTime() throws Exception {
    bench.scan =
        new ScanPace(64 * PAGE, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1));
    Replication stream = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    bench.now = bench.now.plus(Duration.ofDays(3));
    commit();
    Bench.await(
        "what was committed since is proven",
        () -> bench.now.equals(stream.status().readBack().provenAt()));
    database.hideNextPage = true; // the source forgets a page
    commit();
    Bench.await("a page that was missed is captured", () -> bench.count("catch-up") == 1);
    assertThat(database.openImages).as("the image is held all the same").hasPositiveValue();
    gated.gate.countDown();
    stream.sync(Bench.SOON);
    Bench.await("a snapshot of what is right", () -> snapshots(good) == 2 && snapshots(other) == 2);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.newest(good)).isEqualTo(database.bytes());
    assertThat(PlainRestore.newest(other)).isEqualTo(database.bytes());
  }

  @Test
  void oneThatIsDownIsNotWaitedForAndGetsAnotherOneWhenItIsBack() throws Exception {
    bounds(Duration.ofMillis(300), Duration.ofMinutes(1), disk -> 0);
    other.failure = Reason.UNAVAILABLE;
    Replication stream = bench.start(shadow, database, good, other);
    Bench.await("the good one has it", () -> snapshots(good) == 1);
    Bench.await("the image is let go of", () -> database.openImages.get() == 0);
    for (int i = 0; i < 5; i++) {
      commit();
    }
    assertThat(bytes()).isLessThan(FEW_BYTES);
    other.failure = null;
    stream.sync(Bench.SOON);
    assertThat(hasCopy()).isFalse();
    assertThat(stream.close()).isEmpty();
    prove(good);
    prove(other);
  }

  @Test
  void anImageThatGivesWayMakesRoomForACopy() throws Exception {
    Replication stream = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    database.givesUp = new ImageGivenUpException("a checkpoint had to wait");
    Bench.await("the image is let go of", () -> database.openImages.get() == 0);
    database.givesUp = null;
    commit();
    Bench.await("there is a copy", this::hasCopy);
    gated.gate.countDown();
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(bench.count("failing")).isZero(); // no replica did
    prove(good);
    prove(other);
  }

  @Test
  void anImageThatCostsTooMuchIsCopiedAndAnUploadGoesOnFromThere() throws Exception {
    Replication stream = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    database.heldBytes = 1L << 40;
    Bench.await("there is a copy", this::hasCopy);
    Bench.await("the image is let go of", () -> database.openImages.get() == 0);
    commit();
    gated.gate.countDown();
    stream.sync(Bench.SOON);
    assertThat(gated.snapshots).hasValue(1);
    Bench.await("the copy is of no more use", () -> !hasCopy());
    assertThat(stream.close()).isEmpty();
    prove(good);
    prove(other);
  }

  @Test
  void aSlowReplicaIsNotWaitedForWithTheImageOpen() throws Exception {
    bounds(Duration.ofSeconds(30), Duration.ofMillis(200), disk -> 0);
    Replication stream = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    Bench.await("there is a copy", this::hasCopy);
    Bench.await("the image is let go of", () -> database.openImages.get() == 0);
    gated.gate.countDown();
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    prove(good);
    prove(other);
  }

  @Test
  void withoutRoomForACopyNothingIsCopiedAndItIsSaid() throws Exception {
    long[] reserve = {Long.MAX_VALUE / 2};
    bounds(Duration.ofSeconds(30), Duration.ofMillis(100), disk -> reserve[0]);
    Replication stream = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    database.heldBytes = 100_000; // little, but more than nothing
    Bench.await("it is said", () -> stream.status().captureError() != null);
    assertThat(stream.status().captureError())
        .contains("cannot take a snapshot")
        .contains("the image that it is taken from costs 100000 bytes")
        .contains("has no room")
        .contains("bytes free");
    assertThat(hasCopy()).isFalse();
    assertThat(bytes()).isLessThan(FEW_BYTES);
    assertThat(stream.status().capturing()).isTrue();
    database.heldBytes = 0;
    gated.gate.countDown();
    commit();
    stream.sync(Bench.SOON);
    Bench.await("it is over", () -> stream.status().captureError() == null);
    assertThat(hasCopy()).isFalse();
    assertThat(stream.close()).isEmpty();
    prove(good);
    prove(other);
  }

  @Test
  void aSmallOneIsSentLikewiseWhereThereIsNoRoomForACopy() throws Exception {
    database = new ModelDatabase(512, random.nextLong());
    database.commit();
    bounds(Duration.ofSeconds(30), Duration.ofMinutes(1), disk -> Long.MAX_VALUE / 2);
    Replication stream = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    assertThat(hasCopy()).isFalse();
    gated.gate.countDown();
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    prove(good);
    prove(other);
  }

  @Test
  void aCopyForWhichTheDiskIsTooSmallIsRemovedAndTheSnapshotSentWithoutIt() throws Exception {
    byte[] content = new byte[5 * PAGES * PAGE]; // more than is written between two looks
    random.nextBytes(content);
    database.put(content);
    AtomicInteger looks = new AtomicInteger();
    LongUnaryOperator filling = disk -> looks.incrementAndGet() == 3 ? Long.MAX_VALUE / 2 : 0;
    bench.snapshots =
        new SnapshotBounds(
            1 << 30, 1 << 20, Bench.SOON, Bench.SOON, 100, Duration.ofMinutes(1), filling);
    Replication stream = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    assertThat(hasCopy()).isFalse();
    assertThat(bytes()).isLessThan(FEW_BYTES);
    assertThat(looks.get()).isGreaterThan(2);
    gated.gate.countDown();
    stream.sync(Bench.SOON);
    Bench.await("it is over", () -> stream.status().captureError() == null);
    assertThat(stream.close()).isEmpty();
    prove(good);
    prove(other);
  }

  @Test
  void aStartAfterNothingButThatSnapshotGoesOn() throws Exception {
    assertThat(bench.start(shadow, database, good).close()).isEmpty();
    assertThat(hasCopy()).isFalse();
    for (int i = 0; i < 3; i++) {
      database = database.reopened();
      Replication stream = bench.start(shadow, database, good);
      stream.sync(Bench.SOON);
      assertThat(stream.close()).isEmpty();
    }
    assertThat(snapshots(good)).isEqualTo(1);
    database = database.reopened();
    Replication stream = bench.start(shadow, database, good);
    commit();
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(snapshots(good)).isEqualTo(1);
    prove(good);
  }

  @Test
  void whatCloseCannotWaitForIsSentAfterTheNextStart() throws Exception {
    bench.closeTimeout = Duration.ofMillis(300);
    Replication first = bench.start(shadow, database, good, gated);
    reach(gated.inTheMiddle);
    Bench.await("the other one has it", () -> snapshots(good) == 1);
    assertThat(first.close()).anyMatch(left -> left.contains("replica r1 lacks"));
    gated.gate.countDown();
    bench.closeTimeout = Bench.SOON;
    database = database.reopened();
    Replication second = bench.start(shadow, database, good, gated);
    commit();
    second.sync(Bench.SOON);
    assertThat(second.close()).isEmpty();
    assertThat(hasCopy()).isFalse();
    prove(good);
    prove(other);
  }

  @Test
  void threeReplicasHaveASnapshotPackedOnceForAll() throws Exception {
    ScriptedCodec codec = new ScriptedCodec();
    bench.codec = codec;
    GatedReplica[] replicas = new GatedReplica[3];
    ScriptedReplica[] stores = new ScriptedReplica[3];
    for (int i = 0; i < 3; i++) {
      stores[i] = new ScriptedReplica();
      replicas[i] = new GatedReplica(stores[i]);
    }
    Replication stream = bench.start(shadow, database, replicas);
    for (GatedReplica replica : replicas) {
      replica.inTheMiddle.await();
    }
    int before = codec.packed.get();
    Stream.of(replicas).forEach(replica -> replica.gate.countDown());
    stream.sync(Bench.SOON);
    int half = PAGES * PAGE / (256 << 10) / 2 + 1;
    assertThat(codec.packed.get() - before).isBetween(half - 2, half + 2);
    for (ScriptedReplica store : stores) {
      prove(store);
    }
  }
}
