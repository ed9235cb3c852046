package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.testkit.TestRun;
import dev.stream.testkit.replica.Fault;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import dev.stream.testkit.replica.Operation;
import dev.stream.testkit.replica.Stall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replicas that fail in every way, beside a sound one: the writer notices nothing, the sound one
 * has everything all the while, and the other one heals by itself.
 */
final class FaultsIT {

  private static final String INSERT = "INSERT INTO t(v) VALUES(randomblob(3000));";

  @TempDir Path folder;

  private final FaultyReplica faulty =
      FaultyReplica.over(MemoryReplica.create(), TestRun.random("faults").nextLong());
  private final MemoryReplica sound = MemoryReplica.create();
  private final Recorder told = new Recorder();
  private Path database;
  private SqliteProcess writer;
  private Witness witness;

  @BeforeEach
  void createDatabase() throws Exception {
    database = folder.resolve("app.db");
    SqliteProcess.create(database, 4096, "NONE", RandomSql.SCHEMA);
    writer = new SqliteProcess(database);
    witness = new Witness(folder);
  }

  @AfterEach
  void close() throws Exception {
    faulty.up();
    writer.close();
    witness.close();
  }

  private StreamConfigBuilder config() {
    return StreamConfig.builder()
        .database("sqlite", Map.of("path", database))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofMillis(20))
        .closeTimeout(Duration.ofSeconds(2));
  }

  /** Replicates to the faulty replica and to a sound one. */
  private StreamController start() throws IOException {
    return start(config().replica("faulty", faulty).replica("sound", sound));
  }

  private StreamController start(StreamConfigBuilder config) throws IOException {
    StreamController stream =
        StreamController.builder().config(config.build()).listener(told).build();
    stream.start();
    return stream;
  }

  private byte[] source() throws Exception {
    return witness.bytes(database);
  }

  private byte[] restored(Replica replica) throws IOException {
    return new Restores(replica, folder).newest();
  }

  private void assertHasAll(Replica replica) throws Exception {
    Bytes.assertSame("restored from " + replica.name(), restored(replica), source());
  }

  /** Writes, and waits until the sound replica can be restored to what was written. */
  private void writeBesideFault(int transactions) throws Exception {
    writer.run(INSERT.repeat(transactions));
    byte[] source = source();
    Await.until(
        "the sound replica has everything",
        () -> {
          try {
            return Arrays.equals(restored(sound), source);
          } catch (IOException e) {
            return false;
          }
        });
  }

  private static ReplicaStatus status(StreamController stream, String name) {
    return stream.status().replicas().stream()
        .filter(replica -> replica.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void replicaThatIsDownForAWhileCatchesUp() throws Exception {
    try (StreamController stream = start()) {
      writer.run(INSERT);
      stream.sync(Await.PATIENCE);
      String generation = stream.status().generation();
      faulty.down();
      writeBesideFault(30);
      Await.until("it is told", () -> told.told("failing faulty"));
      assertThat(status(stream, "faulty").lastError()).isNotBlank();
      assertThat(stream.dataLossWindow("faulty")).isPositive();
      assertThat(stream.dataLossWindow("sound")).isZero();
      faulty.up();
      stream.sync(Await.PATIENCE);
      assertHasAll(faulty.inner());
      Await.until("it is told", () -> told.told("recovered faulty"));
      assertThat(stream.dataLossWindow()).isZero();
      assertThat(stream.status().generation()).isEqualTo(generation);
      assertThat(told.count("failing faulty")).as("once per episode").isEqualTo(1);
    }
  }

  @Test
  void replicaThatWasNeverReachableDoesNotKeepStreamFromStarting() throws Exception {
    faulty.down();
    try (StreamController stream = start()) {
      writeBesideFault(5);
      faulty.up();
      stream.sync(Await.PATIENCE);
      assertHasAll(faulty.inner());
    }
  }

  @Test
  void fullReplicaGoesOnWhenThereIsSpaceAgain() throws Exception {
    try (StreamController stream = start()) {
      stream.sync(Await.PATIENCE);
      faulty.capacity(faulty.storedBytes() + 20_000);
      writeBesideFault(30);
      Await.until("it is told", () -> told.told("failing faulty"));
      faulty.capacity(Long.MAX_VALUE);
      stream.sync(Await.PATIENCE);
      assertHasAll(faulty.inner());
    }
  }

  @Test
  void tornAndRefusedOperationsLeaveNoTrace() throws Exception {
    Random random = TestRun.random("torn");
    faulty.next(Operation.PUT, Fault.torn(random.nextInt(100)), Fault.replyLost());
    faulty.chaos(
        0.3,
        Fault.torn(random.nextInt(3_000)),
        Fault.replyLost(),
        Fault.failing(Reason.UNAVAILABLE));
    try (StreamController stream = start()) {
      RandomSql script = new RandomSql(random, 0, 4096);
      for (String step : script.steps(TestRun.rounds(40, 1_000))) {
        writer.run(step);
      }
      stream.sync(Await.PATIENCE);
      faulty.chaos(0);
      assertHasAll(faulty.inner());
      assertHasAll(sound);
      assertThat(faulty.failures(Operation.PUT)).isPositive();
      assertThat(new Restores(faulty.inner(), folder).verify().ok()).isTrue();
    }
  }

  @Test
  void replicaThatHangsSlowsNobody() throws Exception {
    try (StreamController stream = start()) {
      stream.sync(Await.PATIENCE);
      Stall stall = faulty.stallNext(Operation.PUT);
      writer.run(INSERT);
      stall.awaitReached(Await.PATIENCE);
      writeBesideFault(30);
      assertThat(stream.dataLossWindow("faulty")).isPositive();
      stall.release();
      stream.sync(Await.PATIENCE);
      assertHasAll(faulty.inner());
    }
  }

  @Test
  void closingDoesNotWaitForeverAndTheNextStartSendsTheRest() throws Exception {
    Replica store = faulty.inner();
    try (StreamController stream = start()) {
      stream.sync(Await.PATIENCE);
      faulty.down();
      writeBesideFault(10);
      List<String> left = stream.closeAndReport();
      assertThat(left).anyMatch(problem -> problem.contains("faulty"));
    }
    MemoryReplica again = ((MemoryReplica) store).another();
    try (StreamController stream =
        start(config().replica("faulty", again).replica("sound", sound.another()))) {
      stream.sync(Await.PATIENCE);
      assertHasAll(again);
    }
  }

  @Test
  void wipedReplicaPausesUntilItIsAcceptedAndThenHeals() throws Exception {
    Path replica = folder.resolve("replica");
    try (StreamController stream = start(config().replica("file", Map.of("path", replica)))) {
      writer.run(INSERT.repeat(5));
      stream.sync(Await.PATIENCE);
      Shell.expect("sh", "-c", "rm -r '" + replica + "'/*");
      Await.until(
          "it may not be mounted, so nothing is stored there",
          () -> {
            writer.run(INSERT);
            return stream.status().problems().stream()
                .anyMatch(problem -> problem.contains("no longer the mark of this replica"));
          });
      assertThat(replica).isEmptyDirectory();
      Files.createFile(folder.resolve("shadow").resolve("accept-replica-file"));
      // Whoever writes on sees it heal without a restart.
      Await.until(
          "everything can be restored again",
          () -> {
            writer.run(INSERT);
            stream.sync(Await.PATIENCE);
            try (Replica files = Stores.folder(replica)) {
              return Arrays.equals(restored(files), source());
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  @Test
  void secondStreamOnOneShadowDirectoryIsRefused() throws Exception {
    try (StreamController stream = start()) {
      assertThatThrownBy(() -> start(config().replica("sound", MemoryReplica.create())).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(folder.resolve("shadow").toString());
      try (ChildJvm other =
          ChildJvm.start(
              ReplicateMain.class,
              List.of(),
              new ConfigFile(database, folder.resolve("shadow"))
                  .folder(folder.resolve("elsewhere"))
                  .write(folder.resolve("other.json")))) {
        assertThat(other.await()).isNotZero();
        assertThat(String.join("\n", other.said()))
            .contains(folder.resolve("shadow").toString())
            .doesNotContain("ready");
      }
      writer.run(INSERT);
      stream.sync(Await.PATIENCE);
      assertHasAll(sound);
    }
  }
}
