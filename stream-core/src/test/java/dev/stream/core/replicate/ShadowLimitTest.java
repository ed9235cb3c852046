package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes when the shadow directory grows too large, and in which order. */
@Timeout(120)
final class ShadowLimitTest {

  private static final int LIMIT = 60_000;

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private final ScriptedReplica good = new ScriptedReplica();
  private final ScriptedReplica bad = new ScriptedReplica();

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    bench.shadowLimit = LIMIT;
    bench.segmentLimit = 10_000;
    bench.compaction = List.of(Duration.ofHours(1));
    bench.closeTimeout = Duration.ofSeconds(1);
    database = new ModelDatabase(512, Bench.seed(0));
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  private void commit() throws IOException {
    database.commit();
    database.deliver();
  }

  private long bytes(String part) {
    try (Stream<Path> files = Files.walk(folder.resolve("s"))) {
      return files
          .filter(file -> file.toString().contains(part) && Files.isRegularFile(file))
          .mapToLong(
              file -> {
                try {
                  return Files.size(file);
                } catch (IOException e) {
                  return 0; // it went meanwhile
                }
              })
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  @Test
  void whatWaitsOnlyToBeMergedTakesAtMostAHalf() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, good);
    long most = 0;
    for (int i = 0; i < 120; i++) {
      commit();
      stream.sync(Bench.SOON);
      most = Math.max(most, bytes("segments"));
    }
    assertThat(most).isGreaterThan(LIMIT / 4).isLessThan(LIMIT / 2 + 20_000);
    assertThat(bench.count("generation")).as("no replica pays for it").isEqualTo(1);
    bench.now = bench.now.plus(Duration.ofHours(3));
    Bench.await(
        "the rest is merged",
        () ->
            PlainRestore.listing(good).generations().get(0).segments().stream()
                .anyMatch(segment -> segment.level() == 1 && segment.firstTxId() > 1));
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(good, database.history)).isEqualTo(database.txId);
  }

  @Test
  void beforeTheBacklogOfAReplicaGoesNothingWaitsToBeMerged() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    for (int i = 0; i < 40; i++) {
      commit();
      stream.sync(Bench.SOON);
    }
    bad.failure = Reason.UNAVAILABLE;
    long deadline = System.nanoTime() + Bench.SOON.toNanos();
    long most = 0;
    while (bench.count("generation the shadow directory has") < 1) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      commit();
      most = Math.max(most, bytes("segments"));
    }
    assertThat(most).isLessThan(LIMIT + 40_000);
    bad.failure = null;
    stream.sync(Duration.ofSeconds(60));
    for (ScriptedReplica replica : List.of(good, bad)) {
      assertThat(PlainRestore.listing(replica).generations()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    }
  }

  @Test
  void mergedSegmentsThatAReplicaLacksGoBeforeItsBacklog() throws Exception {
    bench.compaction = List.of(Duration.ofMillis(100));
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    commit();
    stream.sync(Bench.SOON);
    bad.refused = key -> key.value().contains("/segments/1/");
    while (bytes("segments/1") < LIMIT / 2) {
      commit();
      bench.now = bench.now.plusMillis(10);
      stream.sync(Bench.SOON);
    }
    bad.failure = Reason.UNAVAILABLE; // and no window passes any more
    long deadline = System.nanoTime() + Bench.SOON.toNanos();
    while (bytes("segments/1") > LIMIT / 4) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      assertThat(bench.count("generation")).as("its backlog is kept").isEqualTo(1);
      commit();
    }
  }

  @Test
  void snapshotsDoNotCount() throws Exception {
    byte[] large = new byte[512 * 1000];
    new java.util.Random(1).nextBytes(large);
    database.put(large);
    bad.refused = key -> key.value().contains("/snapshots/");
    Replication stream = bench.start(folder.resolve("s"), database, good, bad);
    Bench.await("refused", () -> bench.count("failing r1") > 0);
    commit();
    Bench.await("here", () -> bytes("snapshots") > LIMIT);
    for (int i = 0; i < 20; i++) {
      commit();
      Bench.await( // or a backlog would count, on a slow machine
          "they keep up",
          () ->
              stream.status().replicas().stream()
                  .allMatch(replica -> replica.pendingArtefacts() < 4));
    }
    Bench.await("sealed", () -> stream.status().replicas().get(0).txId() == database.txId);
    assertThat(bench.count("generation")).isEqualTo(1);
    assertThat(bytes("snapshots")).isGreaterThan(LIMIT);
  }
}
