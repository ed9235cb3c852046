package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.CommitClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What artefacts tell of the time, while the clock is set back and forth. */
final class ClockStepsTest {

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  @Test
  void theyNeverDecreaseAlongAGenerationWhateverTheClockDid() throws Exception {
    long seed = Bench.seed(0);
    Random random = new Random(seed);
    ModelDatabase database = new ModelDatabase(512, seed);
    ScriptedReplica replica = new ScriptedReplica();
    Map<Long, Instant> captured = new HashMap<>();
    int setBack = 0;
    for (int run = 0; run < 4; run++) {
      Replication stream = bench.start(folder.resolve("s"), database, replica);
      for (int i = 0; i < 12; i++) {
        boolean back = random.nextInt(3) == 0;
        bench.now = bench.now.plusNanos((back ? -1 : 1) * (1 + random.nextLong(1L << 40)));
        database.commit();
        stream.sync(Bench.SOON); // each is a segment of its own
        captured.put(database.txId, bench.now);
        setBack += back ? 1 : 0;
        if (random.nextInt(6) == 0) {
          long before = replica.objects.size();
          Bench.await(
              "snapshot",
              () -> {
                stream.snapshotNow(); // not taken while the generation's first one is written
                return replica.objects.size() > before;
              });
        }
      }
      stream.close();
      database = database.reopened();
    }
    var generation = PlainRestore.listing(replica).generations().get(0);
    Map<Long, CommitClock> ends = new HashMap<>();
    List<CommitClock> told = new ArrayList<>();
    for (var segment : generation.segments()) {
      CommitClock clock = CommitClock.of(PlainRestore.header(replica, segment));
      told.add(clock);
      ends.put(segment.lastTxId(), clock);
      assertThat(clock.lastCommitAt())
          .isEqualTo(new CommitClock(0, captured.get(segment.lastTxId()), 0).lastCommitAt());
    }
    assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
    assertThat(told).hasSize(48).isSorted();
    assertThat(told.get(47).steps()).isEqualTo(setBack);
    assertThat(PlainRestore.header(replica, generation.segments().get(0)).additionalAttrs())
        .satisfies(
            attributes ->
                assertThat(attributes.containsKey(ArtefactHeader.CLOCK_STEPS))
                    .isEqualTo(told.get(0).steps() > 0));
    for (var snapshot : generation.snapshots()) {
      CommitClock clock = CommitClock.of(PlainRestore.header(replica, snapshot));
      if (snapshot.txId() == 0) {
        assertThat(clock).isLessThanOrEqualTo(told.get(0));
      } else {
        assertThat(clock).isEqualTo(ends.get(snapshot.txId()));
      }
    }
  }
}
