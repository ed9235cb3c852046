package dev.stream.it.cli;

import static dev.stream.it.cli.CopyReaders.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.SqliteProcess;
import dev.stream.it.cli.StreamProcess.Result;
import dev.stream.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code stream restore --follow} beside a database that is written all the time: killed again and
 * again, while processes of sqlite3 read the copy and must never see anything but a committed
 * state.
 */
class FollowIT {

  @TempDir Path folder;

  private Path source;
  private Path copy;

  @Test
  void readersOfACopyWhoseFollowerIsKilledSeeCommittedStatesOnly() throws Exception {
    Random random = TestRun.random("follow");
    source = folder.resolve("source.db");
    copy = folder.resolve("copy.db");
    Path replica = folder.resolve("replica");
    SqliteProcess.create(source, 4096, "INCREMENTAL", CopyReaders.SCHEMA);
    Path config =
        Files.writeString(
            folder.resolve("stream.json"),
            """
            {"database": {"type": "sqlite", "path": "%s"}, "shadowDir": "%s", "syncInterval": "50ms",
             "snapshotInterval": "4s", "replicas": [{"type": "file", "path": "%s"}]}
            """
                .formatted(source, folder.resolve("shadow"), replica));
    String[] follow = {
      "restore",
      "--from",
      replica.toString(),
      "-o",
      copy.toString(),
      "--follow",
      "--interval",
      "50ms"
    };
    long end = System.nanoTime() + Duration.ofSeconds(TestRun.rounds(25, 300)).toNanos();
    int kills = 0;
    int hot = 0;
    try (StreamProcess replicate =
            StreamProcess.start("replicate", "--config", config.toString()).awaitReady();
        CopyReaders readers = new CopyReaders(copy)) {
      StreamProcess follower = StreamProcess.start(follow);
      try {
        Random writes = new Random(random.nextLong());
        readers.start("writer", () -> write(readers, writes));
        follower.awaitReady();
        readers.startReading();
        while (System.nanoTime() < end && !readers.failed()) {
          if (random.nextInt(4) > 0) {
            follower.awaitReady();
          }
          moment(random);
          follower.kill();
          kills++;
          hot += Files.exists(folder.resolve("copy.db-journal")) ? 1 : 0;
          follower.close();
          follower = StreamProcess.start(follow);
        }
        readers.stop();
        String newest = one(source, "SELECT n FROM tally;");
        StreamProcess.await(
            "the newest commit in the copy",
            () -> newest.equals(one(copy, "SELECT n FROM tally;")));
        Result stopped = follower.terminate();
        assertThat(stopped.exit()).as(stopped.err()).isZero();
        assertThat(stopped.out()).contains("stopped following");
        assertThat(one(copy, ".dump")).isEqualTo(one(source, ".dump"));
      } finally {
        follower.close();
      }
      assertThat(replicate.terminate().exit()).isZero();
      System.out.printf(
          "follow: %d kills, %d of them left a journal to roll back; %s; %s commits"
              + " (stream.test.seed=%d)%n",
          kills, hot, readers.told(), one(source, "SELECT n FROM tally;").trim(), TestRun.seed());
    }
  }

  @Test
  void aFileThatIsNoCopyIsRefusedUnlessForced() throws Exception {
    try (Shop shop = new Shop(folder)) {
      shop.replicate(1);
      Path file = folder.resolve("mine.db");
      one(file, "CREATE TABLE mine(v); INSERT INTO mine VALUES('precious');");
      byte[] before = Files.readAllBytes(file);
      String from = shop.replica.toString();
      Result refused =
          StreamProcess.run("restore", "--from", from, "-o", file.toString(), "--follow");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("--force");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      try (StreamProcess follower =
          StreamProcess.start(
                  "restore", "--from", from, "-o", file.toString(), "--follow", "--force", "--json")
              .awaitReady()) {
        assertThat(one(file, "SELECT count(*) > 0 FROM orders;")).isEqualTo("1\n");
        Result stopped = follower.terminate();
        assertThat(stopped.exit()).as(stopped.err()).isZero();
        assertThat(stopped.out()).contains("\"reseeds\" : 1");
      }
    }
  }

  /** Any time, or just when a change is being made. */
  private void moment(Random random) throws InterruptedException {
    if (random.nextInt(3) == 0) {
      Thread.sleep(random.nextInt(1200));
      return;
    }
    Path journal = folder.resolve("copy.db-journal");
    long end = System.nanoTime() + 2_000_000_000;
    for (int changes = random.nextInt(6); changes >= 0 && System.nanoTime() < end; changes--) {
      while (Files.exists(journal) && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      while (!Files.exists(journal) && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }
    LockSupport.parkNanos(random.nextInt(10_000_000));
  }

  private void write(CopyReaders readers, Random random) throws Exception {
    try (SqliteProcess writer = new SqliteProcess(source)) {
      while (!readers.stopping()) {
        writer.run(CopyReaders.transaction(random));
        if (random.nextInt(10) == 0) {
          writer.run("PRAGMA incremental_vacuum;");
        }
        Thread.sleep(random.nextInt(30));
      }
    }
  }
}
