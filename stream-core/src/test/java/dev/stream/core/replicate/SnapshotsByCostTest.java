package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.schedule.SnapshotBounds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Without an interval, a further snapshot is taken when it pays. */
@Timeout(120)
final class SnapshotsByCostTest {

  private static final int PAGE = 4096;
  private static final int PAGES = 1024;

  @TempDir Path folder;
  private final Bench bench = new Bench();
  private final ScriptedReplica replica = new ScriptedReplica();
  private final long seed = Bench.seed(0);
  private final Random random = new Random(seed);
  private ModelDatabase database = new ModelDatabase(PAGE, seed);

  SnapshotsByCostTest() throws Exception {
    bench.snapshotInterval = null;
    replica.storedAt = bench.now;
  }

  @AfterEach
  void stop() {
    bench.stop();
  }

  private Replication begin() throws Exception {
    byte[] bytes = new byte[PAGES * PAGE];
    random.nextBytes(bytes);
    database.put(bytes);
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    stream.sync(Bench.SOON);
    Bench.await("the first snapshot", () -> snapshots() == 1);
    return stream;
  }

  private GenerationListing only() {
    return PlainRestore.listing(replica).generations().get(0);
  }

  private int snapshots() {
    return PlainRestore.listing(replica).generations().stream()
        .mapToInt(generation -> generation.snapshots().size())
        .sum();
  }

  /** A commit that changes some pages, from the first on, and is stored. */
  private void change(Replication stream, int pages) throws Exception {
    byte[] bytes = database.bytes();
    byte[] changed = new byte[pages * PAGE];
    random.nextBytes(changed);
    System.arraycopy(changed, 0, bytes, 0, changed.length);
    database.put(bytes);
    stream.sync(Bench.SOON);
  }

  private void proveAll(Replication stream) throws IOException {
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void noneIsTakenWhileARestoreReadsLittleMore() throws Exception {
    Replication stream = begin();
    for (int i = 0; i < 6; i++) {
      bench.now = bench.now.plus(Duration.ofHours(1));
      change(stream, PAGES / 16); // 6/16 in all
    }
    proveAll(stream); // closing ends what is on its way
    assertThat(snapshots()).isEqualTo(1);
  }

  @Test
  void oneIsTakenWhenARestoreWouldReadHalfAsMuchAgain() throws Exception {
    Replication stream = begin();
    bench.now = bench.now.plus(Duration.ofHours(1));
    for (int i = 0; i < 9; i++) {
      change(stream, PAGES / 16);
    }
    Bench.await("a second snapshot", () -> snapshots() == 2);
    assertThat(only().snapshots().get(1).txId()).isGreaterThanOrEqualTo(9);
    proveAll(stream);
  }

  @Test
  void oneThatNoReplicaCouldTakeDoesNotCount() throws Exception {
    bench.sleeper = Bench.SHORT_PAUSES;
    Duration soon = Duration.ofSeconds(10);
    bench.snapshots = new SnapshotBounds(1 << 20, 1 << 20, soon, soon, 3, soon, disk -> 0);
    Replication stream = begin();
    replica.refused = key -> key.value().contains("/snapshots/");
    for (int i = 0; i < 9; i++) {
      bench.now = bench.now.plus(Duration.ofHours(1));
      change(stream, PAGES / 16);
    }
    Bench.await("it cannot take it", () -> bench.count("failing r0") == 1);
    Bench.await("it does without", () -> stream.status().replicas().get(0).pendingArtefacts() == 0);
    replica.refused = key -> false;
    change(stream, 1);
    Bench.await("a second snapshot", () -> snapshots() == 2);
    proveAll(stream);
  }

  @Test
  void thatIsCountedOnAfterARestart() throws Exception {
    Replication stream = begin();
    bench.now = bench.now.plus(Duration.ofHours(1));
    for (int i = 0; i < 6; i++) {
      change(stream, PAGES / 16);
    }
    assertThat(stream.close()).isEmpty();
    assertThat(snapshots()).isEqualTo(1);
    ModelDatabase former = database;
    database = former.reopened();
    stream = bench.start(folder.resolve("s"), database, replica);
    for (int i = 0; i < 3; i++) {
      change(stream, PAGES / 16);
    }
    Bench.await("a second snapshot", () -> snapshots() == 2);
    assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
    proveAll(stream);
  }

  @Test
  void oneIsTakenInAnyCaseAfterAWeek() throws Exception {
    Replication stream = begin();
    change(stream, 1);
    bench.now = bench.now.plus(Duration.ofDays(7));
    change(stream, 1);
    Bench.await("a second snapshot", () -> snapshots() == 2);
    proveAll(stream);
  }

  @Test
  void anIntervalIsObeyed() throws Exception {
    bench.snapshotInterval = Duration.ofMillis(1);
    Replication stream = begin();
    for (int i = 0; i < 3; i++) {
      int before = snapshots();
      change(stream, 1);
      Bench.await("a further snapshot", () -> snapshots() > before);
    }
    proveAll(stream);
  }
}
