package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.SqliteProcess;
import dev.stream.it.cli.StreamProcess.Result;
import dev.stream.testkit.TestRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code stream restore --follow} beside a database that is written all the time: killed again and
 * again, while processes of sqlite3 read the copy and must never see anything but a committed
 * state.
 */
class FollowIT {

  /** In each committed state the tally says what the entries are. */
  private static final String SCHEMA =
      """
      CREATE TABLE entries(id INTEGER PRIMARY KEY, x INTEGER, v BLOB);
      CREATE INDEX byx ON entries(x);
      CREATE TABLE tally(n INTEGER, entries INTEGER, sum INTEGER, bytes INTEGER);
      INSERT INTO tally VALUES(0, 0, 0, 0);
      WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 2000)
        INSERT INTO entries SELECT i, i, randomblob(3000) FROM c;
      UPDATE tally SET (entries, sum, bytes) =
        (SELECT count(*), sum(x), sum(length(v)) FROM entries);
      """;

  private static final String COUNTED =
      "SELECT count(*), ifnull(sum(x),0), ifnull(sum(length(v)),0) FROM entries";

  private static final String READ =
      "BEGIN; PRAGMA integrity_check; SELECT n, entries, sum, bytes FROM tally; "
          + COUNTED
          + "; COMMIT;";

  @TempDir Path folder;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong changesSeen = new AtomicLong();
  private Path source;
  private Path copy;

  @Test
  void readersOfACopyWhoseFollowerIsKilledSeeCommittedStatesOnly() throws Exception {
    Random random = TestRun.random("follow");
    source = folder.resolve("source.db");
    copy = folder.resolve("copy.db");
    Path replica = folder.resolve("replica");
    SqliteProcess.create(source, 4096, "INCREMENTAL", SCHEMA);
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
        StreamProcess.start("replicate", "--config", config.toString()).awaitReady()) {
      List<Thread> threads = new ArrayList<>();
      StreamProcess follower = StreamProcess.start(follow);
      try {
        threads.add(start("writer", () -> write(new Random(random.nextLong()))));
        follower.awaitReady();
        threads.add(start("reader that stays", this::readInOneProcess));
        threads.add(start("reader that comes anew", this::readInFreshProcesses));
        while (System.nanoTime() < end && failure.get() == null) {
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
        stop.set(true);
        for (Thread thread : threads) {
          thread.join();
        }
        if (failure.get() == null) {
          String newest = one(source, "SELECT n FROM tally;");
          StreamProcess.await(
              "the newest commit in the copy",
              () -> newest.equals(one(copy, "SELECT n FROM tally;")));
          Result stopped = follower.terminate();
          assertThat(stopped.exit()).as(stopped.err()).isZero();
          assertThat(stopped.out()).contains("stopped following");
          assertThat(one(copy, ".dump")).isEqualTo(one(source, ".dump"));
        }
      } finally {
        follower.close();
        stop.set(true);
        for (Thread thread : threads) {
          thread.join();
        }
      }
      assertThat(replicate.terminate().exit()).isZero();
    }
    System.out.printf(
        "follow: %d kills, %d of them left a journal to roll back; %d reads, all of committed"
            + " states, %d times another one than before; %s commits (stream.test.seed=%d)%n",
        kills,
        hot,
        reads.get(),
        changesSeen.get(),
        one(source, "SELECT n FROM tally;").trim(),
        TestRun.seed());
    if (failure.get() != null) {
      throw new AssertionError("seed " + TestRun.seed(), failure.get());
    }
    assertThat(reads.get()).isPositive();
    assertThat(changesSeen.get()).isPositive();
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

  private interface Work {
    void run() throws Exception;
  }

  private Thread start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                failure.compareAndSet(null, new AssertionError(name, e));
              }
            },
            name);
    thread.start();
    return thread;
  }

  private void write(Random random) throws Exception {
    try (SqliteProcess writer = new SqliteProcess(source)) {
      while (!stop.get()) {
        StringBuilder sql = new StringBuilder("BEGIN IMMEDIATE;");
        for (int i = 1 + random.nextInt(30); i > 0; i--) {
          sql.append(
              "INSERT INTO entries(x, v) VALUES(%d, randomblob(%d));"
                  .formatted(random.nextInt(1_000_000), random.nextInt(6000)));
        }
        switch (random.nextInt(6)) {
          case 0 ->
              sql.append("DELETE FROM entries WHERE id < (SELECT max(id) - 2000 FROM entries);");
          case 1, 2 ->
              // Every other page or so: to write them all takes a while, in which to be killed.
              sql.append("UPDATE entries SET x = x + 1, v = randomblob(3000) WHERE id % 3 = 1;");
          default -> {}
        }
        sql.append(
            "UPDATE tally SET n = n + 1, (entries, sum, bytes) = (" + COUNTED + "); COMMIT;");
        if (random.nextInt(10) == 0) {
          sql.append("PRAGMA incremental_vacuum;");
        }
        writer.run(sql.toString());
        Thread.sleep(random.nextInt(30));
      }
    }
  }

  private void readInOneProcess() throws Exception {
    long[] last = {-1};
    try (SqliteProcess reader = new SqliteProcess(copy)) {
      while (!stop.get()) {
        check(String.join("\n", reader.run(READ)) + "\n", last);
        Thread.sleep(2);
      }
    }
  }

  private void readInFreshProcesses() throws Exception {
    long[] last = {-1};
    while (!stop.get()) {
      check(one(copy, READ), last);
    }
  }

  private void check(String said, long[] last) {
    String[] lines = said.split("\n", -1);
    if (lines.length != 4 || !lines[0].equals("ok")) {
      throw new AssertionError("torn: " + said);
    }
    String[] tally = lines[1].split("\\|", 2);
    if (!tally[1].equals(lines[2])) {
      throw new AssertionError("no committed state: " + said);
    }
    long n = Long.parseLong(tally[0]);
    if (n < last[0]) {
      throw new AssertionError("went back from commit " + last[0] + " to " + n);
    }
    if (last[0] >= 0 && n > last[0]) {
      changesSeen.incrementAndGet();
    }
    last[0] = n;
    reads.incrementAndGet();
  }

  /** What a process of sqlite3 of its own says. */
  private static String one(Path database, String sql) {
    try {
      Process process =
          new ProcessBuilder(
                  "sqlite3", "-batch", "-cmd", ".timeout 30000", database.toString(), sql)
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
