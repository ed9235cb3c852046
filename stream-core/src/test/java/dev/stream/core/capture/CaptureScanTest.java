package dev.stream.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.replicate.Bench;
import dev.stream.core.replicate.ModelDatabase;
import dev.stream.core.replicate.PlainRestore;
import dev.stream.core.replicate.Replication;
import dev.stream.core.replicate.ScriptedReplica;
import dev.stream.core.schedule.ScanPace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Capture is proven piece by piece, without snapshots. */
@Timeout(120)
final class CaptureScanTest {

  private static final int PAGE = 512;

  @TempDir Path folder;
  private final Bench bench = new Bench();
  private final ScriptedReplica replica = new ScriptedReplica();

  CaptureScanTest() throws Exception {
    bench.snapshotInterval = Duration.ofDays(1000);
    bench.scan =
        new ScanPace(4 * PAGE, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1));
  }

  @AfterEach
  void stop() {
    bench.stop();
  }

  private static byte[] random(int pages, long seed) {
    byte[] bytes = new byte[pages * PAGE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aPageThatWasMissedIsCaptured() throws Exception {
    long seed = Bench.seed(0);
    ModelDatabase database = new ModelDatabase(PAGE, seed);
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    byte[] first = random(40, seed);
    database.put(first);
    stream.sync(Bench.SOON);
    database.hideNextPage = true; // the source forgets a page
    byte[] second = first.clone();
    second[38 * PAGE]++;
    database.put(second);
    stream.sync(Bench.SOON);
    Bench.await("a catch-up", () -> bench.count("catch-up 3-3 1 pages") == 1);
    Bench.await(
        "a snapshot of what is right",
        () -> PlainRestore.listing(replica).generations().get(0).snapshots().size() == 2);
    assertThat(stream.close()).isEmpty();
    TreeMap<Long, byte[]> captured = new TreeMap<>(database.history);
    captured.put(2L, first); // without the page
    captured.put(3L, second);
    assertThat(PlainRestore.provesAll(replica, captured)).isEqualTo(3);
    assertThat(bench.count("generation")).isEqualTo(1);
  }

  @Test
  void aTurnProvesWhatWasCapturedWhenItBegan() throws Exception {
    ModelDatabase database = new ModelDatabase(PAGE, 1);
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    Instant begun = bench.now;
    bench.now = begun.plusSeconds(100);
    database.put(random(40, 1));
    stream.sync(Bench.SOON);
    Bench.await("a whole turn", () -> bench.now.equals(stream.status().readBack().provenAt()));
    // Nothing was committed since: nothing is read, and nothing else is proven.
    bench.now = begun.plusSeconds(200);
    int images = database.images();
    for (int i = 0; i < 3; i++) {
      stream.sync(Bench.SOON);
    }
    assertThat(stream.status().readBack().pagesRead()).isZero();
    assertThat(stream.status().readBack().provenAt()).isEqualTo(begun.plusSeconds(100));
    assertThat(database.images()).isEqualTo(images);
    assertThat(stream.status().readBack().pages()).isEqualTo(40);
  }

  @Test
  void whatIsCommittedMeanwhileIsNoFault() throws Exception {
    bench.scan =
        new ScanPace(1 << 20, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1));
    for (int run = 0; run < Bench.rounds(3, 100); run++) {
      long seed = Bench.seed(run);
      ModelDatabase database = new ModelDatabase(PAGE, seed);
      ScriptedReplica target = new ScriptedReplica();
      Replication stream = bench.start(folder.resolve("m" + run), database, target);
      Random random = new Random(seed);
      database.busy = true;
      for (int i = 0; i < 300; i++) {
        database.commit();
        if (random.nextBoolean()) {
          database.deliver();
        }
        if (random.nextInt(20) == 0) {
          bench.now = bench.now.plusSeconds(1);
          stream.sync(Bench.SOON);
        }
      }
      database.busy = false;
      stream.sync(Bench.SOON);
      bench.now = bench.now.plusSeconds(1);
      database.commitContent();
      stream.sync(Bench.SOON);
      Bench.await("a whole turn", () -> bench.now.equals(stream.status().readBack().provenAt()));
      assertThat(bench.count("catch-up")).isZero();
      assertThat(stream.close()).isEmpty();
      assertThat(PlainRestore.listing(target).generations().get(0).snapshots())
          .as("a snapshot is taken where something was wrong")
          .hasSize(1);
    }
  }

  @Test
  void theLargerADatabaseTheShorterThePausesWithinBounds() {
    ScanPace pace = ScanPace.GENTLE;
    assertThat(pace.pause(0)).isEqualTo(Duration.ofMinutes(10));
    assertThat(pace.pause(10 << 20)).isEqualTo(Duration.ofMinutes(10));
    assertThat(pace.pause(100L << 30)).isEqualTo(Duration.ofDays(1).dividedBy(12_800));
    assertThat(pace.pause(10L << 40)).isEqualTo(Duration.ofSeconds(1));
  }
}
