package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code kill -9} of Stream costs beside a writer that goes on and checkpoints as it likes: no
 * second generation, no second snapshot, and hardly more bytes than if nobody had been killed.
 */
final class KillCostIT {

  private static final int TRANSACTIONS = 60;
  private static final double MOST = 1.5;

  @TempDir Path folder;

  /** What a replica has in the end. */
  private record Cost(int generations, int snapshots, long segmentBytes) {}

  @Test
  void aKillCostsWhatChanged() throws Exception {
    int kills = TestRun.rounds(20, 100);
    long seed = TestRun.random("kill cost").nextLong();
    Cost without = run("without", kills, new Random(seed), false);
    Cost with = run("with", kills, new Random(seed), true);
    double ratio = (double) with.segmentBytes() / without.segmentBytes();
    System.out.printf(
        "%d kills: %d generations, %d snapshots, %d bytes of segments, %.2f times those without"
            + " kills%n",
        kills, with.generations(), with.snapshots(), with.segmentBytes(), ratio);
    assertThat(with.generations()).as("generations").isEqualTo(1);
    assertThat(with.snapshots()).as("snapshots").isEqualTo(1);
    assertThat(ratio).as("bytes, compared with those without kills").isLessThan(MOST);
  }

  private Cost run(String name, int rounds, Random random, boolean kill) throws Exception {
    Path place = Files.createDirectory(folder.resolve(name));
    Path database = place.resolve("app.db");
    Path replica = Files.createDirectory(place.resolve("replica"));
    SqliteProcess.create(database, 4096, "NONE", RandomSql.SCHEMA);
    Path config =
        new ConfigFile(database, place.resolve("shadow"))
            .folder(replica)
            .set("syncInterval", "20ms")
            .set("snapshotInterval", "1h")
            .write(place.resolve("stream.json"));
    Restores restores = Restores.from(replica, place);
    ChildJvm stream = start(config);
    try (Witness witness = new Witness(place);
        SqliteProcess writer = new SqliteProcess(database)) {
      stream.say("sync");
      stream.answer("synced ");
      for (int round = 0; round < rounds; round++) {
        writer.send(script(random));
        long pause = random.nextInt(400_000) * 1_000L;
        if (kill) {
          LockSupport.parkNanos(pause); // the moment of the kill
          stream.kill();
          if (random.nextBoolean()) {
            writer.await();
          }
          stream = start(config);
        }
        writer.await();
      }
      stream.say("sync");
      stream.answer("synced ");
      Bytes.assertSame("the newest state", restores.newest(), witness.bytes(database));
    } finally {
      stream.close();
    }
    List<GenerationListing> generations = restores.listing().generations();
    return new Cost(
        generations.size(),
        generations.stream().mapToInt(one -> one.snapshots().size()).sum(),
        generations.stream()
            .flatMap(one -> one.segments().stream())
            .filter(segment -> segment.level() == 0)
            .mapToLong(SegmentDescriptor::size)
            .sum());
  }

  private static ChildJvm start(Path config) throws Exception {
    ChildJvm stream = ChildJvm.start(ReplicateMain.class, List.of("-Xmx128m"), config);
    stream.answer("ready");
    return stream;
  }

  /** So many transactions of fresh and of changed rows, and checkpoints of every kind. */
  private static String script(Random random) {
    String[] modes = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < TRANSACTIONS; i++) {
      sql.append(
          random.nextInt(4) == 0
              ? "UPDATE t SET v = randomblob(3000) WHERE rowid = (SELECT max(rowid) FROM t);"
              : "INSERT INTO t(v) VALUES(randomblob(8000));");
      if (random.nextInt(12) == 0) {
        sql.append("PRAGMA wal_checkpoint(").append(modes[random.nextInt(4)]).append(");");
      }
      sql.append('\n');
    }
    return sql.toString();
  }
}
