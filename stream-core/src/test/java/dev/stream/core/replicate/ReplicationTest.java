package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches the replicas, while nothing or little goes wrong. */
class ReplicationTest {

  @TempDir Path folder;

  @AfterEach
  void noThreadIsLeft() {
    Bench.await(
        "all threads ended",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("stream-")));
  }

  @Test
  void everyStateOnTheReplicaIsOneOfTheDatabase() throws Exception {
    for (int run = 0; run < Bench.rounds(12, 400); run++) {
      long seed = Bench.seed(run);
      Random random = new Random(seed);
      Bench bench = new Bench();
      bench.segmentLimit = 20_000;
      ModelDatabase database = new ModelDatabase(512 << random.nextInt(4), seed);
      ScriptedReplica replica = new ScriptedReplica();
      Replication stream = bench.start(folder.resolve("s" + run), database, replica);
      for (int i = 0; i < 150; i++) {
        database.commit();
        if (random.nextInt(4) > 0) {
          database.deliver();
        }
        if (random.nextInt(30) == 0) {
          stream.snapshotNow();
        }
        if (random.nextInt(20) == 0) {
          stream.sync(Bench.SOON);
        }
      }
      stream.sync(Bench.SOON);
      assertThat(stream.dataLossWindow()).isZero();
      assertThat(stream.close()).isEmpty();
      assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
      assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
    }
  }

  @Test
  void goesOnWithTheGenerationAfterARestart() throws Exception {
    Bench bench = new Bench();
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    for (int run = 0; run < 4; run++) {
      Replication stream = bench.start(folder.resolve("s"), database, replica);
      for (int i = 0; i < 20; i++) {
        database.commit();
        database.deliver();
      }
      stream.close();
      database = database.reopened();
      database.commit(); // while Stream is stopped
    }
    assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
    PlainRestore.provesAll(replica, database.history);
    assertThat(bench.count("generation resumed: the model remembers")).isEqualTo(3);
  }

  @Test
  void contentProvesContinuityWhenTheSourceCannot() throws Exception {
    Bench bench = new Bench();
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    database.commit();
    stream.close();
    database = database.reopened();
    database.proves = false;
    stream = bench.start(folder.resolve("s"), database, replica);
    database.commit();
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.listing(replica).generations()).hasSize(1);
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    assertThat(bench.count("generation resumed: the database's content")).isEqualTo(1);
  }

  @Test
  void missedCommitsAfterAStateThatIsNotKnownBeginANewGenerationThatSaysWhy() throws Exception {
    Bench bench = new Bench();
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    database.commit();
    stream.close();
    database = database.reopened();
    database.commitContent();
    database.proves = false;
    KnownPages.forget(folder.resolve("s"));
    stream = bench.start(folder.resolve("s"), database, replica);
    database.commit();
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.listing(replica).generations()).hasSize(2);
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
    assertThat(bench.events).contains("generation the model forgot");
  }

  @Test
  void aFlushThatCannotBeAppendedChangesNothingAndIsTakenLater() throws Exception {
    Bench bench = new Bench();
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    for (int i = 0; i < 30; i++) {
      database.commit();
      database.failFrames = i % 3 != 2;
      if (database.failFrames) {
        assertThatThrownBy(database::deliver).isInstanceOf(IOException.class);
      } else {
        database.deliver();
      }
    }
    assertThat(stream.status().captureError()).isNull();
    assertThat(bench.count("paused")).isEqualTo(10);
    assertThat(bench.count("capture recovered")).isEqualTo(10);
    assertThat(stream.close()).isEmpty();
    assertThat(PlainRestore.provesAll(replica, database.history)).isEqualTo(database.txId);
  }

  @Test
  void aSecondStreamOnTheSameFolderIsRefused() throws Exception {
    Bench bench = new Bench();
    Replication stream =
        bench.start(folder.resolve("s"), new ModelDatabase(512, 1), new ScriptedReplica());
    assertThatThrownBy(
            () ->
                bench.start(folder.resolve("s"), new ModelDatabase(512, 1), new ScriptedReplica()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.resolve("s").toString())
        .hasMessageContaining("pid " + ProcessHandle.current().pid());
    stream.close();
    bench.start(folder.resolve("s"), new ModelDatabase(512, 1), new ScriptedReplica()).close();
  }

  @Test
  void nothingIsListedInSteadyStateAndNothingStaysInTheShadowDirectory() throws Exception {
    Bench bench = new Bench();
    ModelDatabase database = new ModelDatabase(512, Bench.seed(0));
    ScriptedReplica replica = new ScriptedReplica();
    Replication stream = bench.start(folder.resolve("s"), database, replica);
    database.commit();
    stream.sync(Bench.SOON);
    int listings = replica.listings.get();
    for (int i = 0; i < 20; i++) {
      database.commit();
      stream.sync(Bench.SOON);
    }
    assertThat(replica.listings.get()).isEqualTo(listings).isLessThanOrEqualTo(3);
    assertThat(stream.close()).isEmpty();
    try (var files = java.nio.file.Files.walk(folder.resolve("s"))) {
      assertThat(files.filter(file -> file.toString().contains("segments")).toList())
          .hasSizeLessThanOrEqualTo(3); // two folders and the newest segment
    }
    assertThat(Duration.ZERO).isEqualTo(stream.dataLossWindow());
  }
}
