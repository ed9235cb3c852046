package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.guard.StartRules;
import dev.stream.core.monitor.StatusFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that fail, and a shadow directory that runs full. */
class ReplicaFaultsTest {

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private final ScriptedReplica good = new ScriptedReplica();
  private final ScriptedReplica bad = new ScriptedReplica();

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

  private void proveBoth() throws IOException {
    assertThat(PlainRestore.provesAll(good, database.history)).isEqualTo(database.txId);
    assertThat(PlainRestore.provesAll(bad, database.history)).isEqualTo(database.txId);
  }

  @Test
  void aReplicaThatIsDownDelaysNobodyAndCatchesUpByItself() throws Exception {
    bad.failure = Reason.UNAVAILABLE;
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(30);
    assertThatThrownBy(() -> stream.sync(Duration.ofMillis(300)))
        .hasMessageContaining("r1 (replica r1 cannot be listed: scripted failure)");
    Bench.await("the other has all", () -> stream.dataLossWindow("r0").isZero());
    assertThat(stream.status().replicas().get(1).lastError()).contains("scripted failure");
    bad.failure = null;
    commit(5);
    stream.sync(Bench.SOON);
    assertThat(bench.count("failing r1")).isEqualTo(1);
    assertThat(bench.count("recovered r1")).isEqualTo(1);
    assertThat(stream.close()).isEmpty();
    proveBoth();
    assertThat(PlainRestore.listing(bad).generations()).hasSize(1);
  }

  @Test
  void whatBothLanesMeetIsOneEpisode() throws Exception {
    bench.sleeper = Bench.SHORT_PAUSES;
    bad.refused = key -> true;
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(3);
    Bench.await("segments and the snapshot are refused", () -> bad.attempts.get() > 20);
    bad.refused = key -> false;
    stream.sync(Bench.SOON);
    Bench.await("the recovery", () -> bench.count("recovered r1") == 1);
    assertThat(bench.count("failing r1")).isEqualTo(1);
    assertThat(stream.close()).isEmpty();
    proveBoth();
  }

  @Test
  void aListingDoesNotEndAnEpisodeOfStoresThatAreRefused() throws Exception {
    bench.sleeper = Bench.SHORT_PAUSES;
    bench.checkInterval = Duration.ofHours(1);
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(1);
    stream.sync(Bench.SOON);
    bad.refused = key -> key.value().contains("segments");
    commit(1);
    Bench.await("the failure is told", () -> bench.count("failing r1") == 1);
    for (int i = 0; i < 3; i++) {
      int looks = bad.listings.get() + bad.looks.get();
      int attempts = bad.attempts.get();
      bench.now = bench.now.plus(bench.checkInterval);
      Bench.await("a look", () -> bad.listings.get() + bad.looks.get() > looks);
      Bench.await("another refusal", () -> bad.attempts.get() > attempts + 1);
    }
    assertThat(bench.count("recovered r1")).isZero();
    assertThat(bench.count("failing r1")).isEqualTo(1);
    assertThat(stream.status().replicas().get(1).lastError()).contains("scripted refusal");
    bad.refused = key -> false;
    stream.sync(Bench.SOON);
    Bench.await("the recovery", () -> bench.count("recovered r1") == 1);
    assertThat(stream.close()).isEmpty();
    proveBoth();
  }

  @Test
  void aRefusedStoreThatArrivedAllTheSameIsNoFailureForEver() throws Exception {
    bad.losesAnswers = true;
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(3);
    stream.sync(Bench.SOON);
    Bench.await("the recovery", () -> bench.count("recovered r1") == bench.count("failing r1"));
    assertThat(stream.status().replicas().get(1).lastError()).isNull();
    assertThat(stream.close()).isEmpty();
    proveBoth();
  }

  @Test
  void aReplicaThatStallsDelaysNobody() throws Exception {
    bad.stall = new CountDownLatch(1);
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(30);
    Bench.await("the other has all", () -> stream.dataLossWindow("r0").isZero());
    CountDownLatch gate = bad.stall;
    bad.stall = null;
    gate.countDown();
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    proveBoth();
  }

  @Test
  void aReplicaThatRefusesAndIsRepairedCatchesUp() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(3);
    stream.sync(Bench.SOON);
    bad.failure = Reason.ACCESS_DENIED;
    commit(3);
    Bench.await("the failure is told", () -> bench.count("failing r1") == 1);
    bad.failure = null;
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    proveBoth();
  }

  @Test
  void aWipedReplicaIsMadeWholeAgainInTheSameGeneration() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(20);
    stream.sync(Bench.SOON);
    bad.wipe();
    commit(5);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    proveBoth();
    assertThat(PlainRestore.listing(good).generations()).hasSize(1);
    assertThat(PlainRestore.listing(bad).generations()).hasSize(1);
  }

  @Test
  void aReplicaWipedWhileStoppedIsMadeWholeAgain() throws Exception {
    bench.start(folder.resolve("s"), database, good, bad).close();
    bad.objects.clear();
    database = database.reopened();
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(2);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    proveBoth();
  }

  @Test
  void aLaterGenerationOnAReplicaIsNeverSortedAfterOurs() throws Exception {
    Instantly.later(bad);
    bench.rules = new StartRules(true, null, false);
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(2);
    Bench.await("a new generation", () -> bench.count("generation replica r1 has the later") == 1);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    var generations = PlainRestore.listing(bad).generations();
    assertThat(generations.get(generations.size() - 1).newestTxId()).hasValue(database.txId);
  }

  /** Puts something of a later time on a replica. */
  private static final class Instantly {
    static void later(ScriptedReplica replica) {
      replica.objects.put(
          dev.stream.core.archive.ArtefactKeys.snapshot(
              new dev.stream.core.state.GenerationId("0000ffffffffffff-00000000"), 5),
          new byte[3]);
    }
  }

  /** Whether nothing lags at a later time either. */
  private boolean idle(Replication stream) {
    bench.now = bench.now.plusMillis(1);
    return stream.dataLossWindow().isZero();
  }

  @Test
  void theLagIsToldOncePerEpisodeAndIsZeroWhenIdle() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(1);
    stream.sync(Bench.SOON);
    // The log is deleted a moment after its segment was stored; until then it counts.
    Bench.await("nothing waits", () -> idle(stream));
    bench.now = bench.now.plusSeconds(3600);
    assertThat(stream.dataLossWindow()).isZero();
    bad.failure = Reason.UNAVAILABLE;
    commit(1);
    bench.now = bench.now.plusSeconds(20);
    commit(1);
    Bench.await("the good one has it", () -> stream.dataLossWindow("r0").isZero());
    assertThat(stream.dataLossWindow("r1")).isEqualTo(Duration.ofSeconds(20));
    assertThat(stream.dataLossWindow()).isEqualTo(Duration.ofSeconds(20));
    assertThat(bench.count("lag")).isZero();
    bench.now = bench.now.plusSeconds(11);
    Bench.await("the warning", () -> bench.count("lag r1") == 1);
    bench.now = bench.now.plusSeconds(100);
    bad.failure = null;
    stream.sync(Bench.SOON);
    assertThat(stream.dataLossWindow()).isZero();
    Bench.await("the recovery", () -> bench.count("caught up r1") == 1);
    assertThat(bench.count("lag")).isEqualTo(1);
    assertThat(stream.close()).isEmpty();
    proveBoth();
  }

  @Test
  void closeWaitsNoLongerThanAllowedAndTheNextStartBringsTheRest() throws Exception {
    bench.closeTimeout = Duration.ofMillis(300);
    bad.failure = Reason.UNAVAILABLE;
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(20);
    assertThat(stream.close()).anyMatch(left -> left.contains("replica r1 lacks"));
    assertThat(stream.close()).isEmpty();
    bad.failure = null;
    bench.closeTimeout = Bench.SOON;
    database = database.reopened();
    assertThat(bench.start(folder.resolve("s"), database, good, bad).close()).isEmpty();
    proveBoth();
    assertThat(PlainRestore.listing(bad).generations()).hasSize(1);
  }

  @Test
  void aStalledReplicaDoesNotHoldUpClose() throws Exception {
    bench.closeTimeout = Duration.ofMillis(300);
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(1);
    stream.sync(Bench.SOON);
    bad.stall = new CountDownLatch(1);
    commit(1);
    assertThat(stream.close()).anyMatch(left -> left.contains("r1"));
  }

  @Test
  void aBacklogBeyondTheLimitIsDroppedWithoutAHole() throws Exception {
    bench.shadowLimit = 100_000;
    bench.segmentLimit = 10_000;
    bench.sleeper = Bench.SHORT_PAUSES;
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(5);
    stream.sync(Bench.SOON);
    bad.failure = Reason.UNAVAILABLE;
    long deadline = System.nanoTime() + Bench.SOON.toNanos();
    while (bench.count("generation the shadow directory has") < 2) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      commit(1);
      Bench.await( // or its backlog would go too, on a slow machine
          "the good one keeps up", () -> stream.status().replicas().get(0).pendingArtefacts() == 0);
    }
    bad.failure = null;
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    proveBoth();
    assertThat(PlainRestore.listing(good).generations()).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void sealingThatFailsLosesNothingAndGoesOn() throws Exception {
    ScriptedCodec codec = new ScriptedCodec();
    bench.codec = codec;
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit(3);
    stream.sync(Bench.SOON);
    codec.refusal = new IOException("No space left on device");
    commit(10);
    assertThatThrownBy(() -> stream.sync(Duration.ofMillis(200))).hasMessageContaining("segments");
    assertThat(stream.status().captureError()).contains("No space left");
    codec.refusal = null;
    stream.sync(Bench.SOON);
    Bench.await("the recovery", () -> stream.status().captureError() == null);
    assertThat(stream.close()).isEmpty();
    proveBoth();
    assertThat(PlainRestore.listing(good).generations()).hasSize(1);
  }

  @Test
  void theStatusFileTellsOtherProcesses() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, good);
    Path file = folder.resolve("s").resolve(StatusFile.NAME);
    Bench.await("status file", () -> Files.exists(file));
    assertThat(Files.readString(file)).contains("\"running\"").contains("\"r0\"");
    stream.close();
    assertThat(Files.readString(file)).contains("\"stopped\"");
  }
}
