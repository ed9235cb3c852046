package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.StreamController;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.state.GenerationId;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever others do while Stream is stopped: it goes on, or begins anew and says why. */
final class StoppedIT {

  private static final String INSERT = "INSERT INTO t(v) VALUES(randomblob(3000));";

  @TempDir Path folder;

  private Path database;
  private Restores restores;
  private Recorder told = new Recorder();

  @BeforeEach
  void createDatabase() throws Exception {
    database = folder.resolve("app.db");
    restores = Restores.from(Files.createDirectory(folder.resolve("replica")), folder);
    SqliteProcess.create(database, 4096, "NONE", RandomSql.SCHEMA);
  }

  /** What was replicated last, when Stream was stopped. */
  private record Stop(String generation, long txId, ByteBuffer bytes, int snapshots) {}

  /** Whether an operator accepts whatever has become of the database. */
  private boolean accepted;

  private StreamController start() throws IOException {
    StreamConfig config =
        StreamConfig.builder()
            .database("sqlite", Map.of("path", database))
            .shadowDir(folder.resolve("shadow"))
            .syncInterval(Duration.ofMillis(20))
            .replica("file", Map.of("path", folder.resolve("replica")))
            .build();
    told = new Recorder();
    StreamController stream =
        StreamController.builder()
            .config(config)
            .listener(told)
            .acceptNewGeneration(accepted)
            .build();
    stream.start();
    return stream;
  }

  private Stop replicate(Witness witness, SqliteProcess writer) throws Exception {
    try (StreamController stream = start()) {
      writer.run(INSERT.repeat(3));
      return settled(stream, witness);
    }
  }

  private Stop settled(StreamController stream, Witness witness) throws Exception {
    stream.sync(Await.PATIENCE);
    String generation = String.valueOf(stream.status().generation());
    GenerationId id = new GenerationId(generation);
    Await.until("a snapshot", () -> snapshots(id) > 0);
    return new Stop(
        generation,
        stream.status().txId(),
        ByteBuffer.wrap(witness.bytes(database)),
        snapshots(id));
  }

  private int snapshots(GenerationId id) throws IOException {
    return restores.listing().generation(id).map(listed -> listed.snapshots().size()).orElse(0);
  }

  /** Starts again and asserts that everything is there, the former generation too. */
  private Stop startAgain(Witness witness, Stop before) throws Exception {
    try (StreamController stream = start()) {
      Stop now = settled(stream, witness);
      assertThat(stream.status().generationReason()).isNotBlank();
      assertThat(told.told("generation " + now.generation())).isTrue();
      Bytes.assertSame("the newest state", restores.newest(), now.bytes().array());
      byte[] former = restores.at(new GenerationId(before.generation()), before.txId());
      Bytes.assertSame("the state before the stop", former, before.bytes().array());
      assertThat(restores.verify().ok()).isTrue();
      return now;
    }
  }

  private void assertNewGeneration(Stop before, Stop now) {
    assertThat(now.generation()).isGreaterThan(before.generation());
    assertThat(told.events().get(told.events().size() - 1)).isNotBlank();
    String reason =
        told.events().stream()
            .filter(event -> event.startsWith("generation " + now.generation()))
            .findFirst()
            .orElseThrow()
            .substring(("generation " + now.generation()).length())
            .strip();
    assertThat(reason).isNotBlank().doesNotStartWith("resumed");
    System.out.println("stopped: new generation because " + reason);
  }

  /** The generation went on with what differs, without another snapshot. */
  private void assertCaughtUp(Stop before, Stop now) {
    assertThat(now.generation()).isEqualTo(before.generation());
    assertThat(now.snapshots()).isEqualTo(before.snapshots());
    assertThat(told.told("catch-up ")).isTrue();
  }

  @Test
  void writesAndCheckpointsAreCaughtUp() throws Exception {
    try (Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database)) {
      Stop before = replicate(witness, writer);
      for (int i = 0; i < 3; i++) {
        writer.run(INSERT.repeat(5) + "PRAGMA wal_checkpoint(TRUNCATE);");
      }
      Stop now = startAgain(witness, before);
      assertCaughtUp(before, now);
    }
  }

  @Test
  void writesAloneAreCaughtUpWithWithoutSnapshot() throws Exception {
    try (Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database)) {
      Stop before = replicate(witness, writer);
      writer.run(INSERT.repeat(20));
      Stop now = startAgain(witness, before);
      assertThat(now.generation()).isEqualTo(before.generation());
      assertThat(now.snapshots()).isEqualTo(before.snapshots());
      assertThat(now.txId()).isEqualTo(before.txId() + 20);
    }
  }

  @Test
  void removedLogIsNoReasonToBeginAnewIfNothingWasWritten() throws Exception {
    try (Witness witness = new Witness(folder)) {
      Stop before;
      try (SqliteProcess writer = new SqliteProcess(database)) {
        before = replicate(witness, writer);
      } // The last one to close writes the log back and removes it.
      assertThat(Path.of(database + "-wal")).doesNotExist();
      Stop now = startAgain(witness, before);
      assertThat(now.generation()).isEqualTo(before.generation());
      assertThat(now.snapshots()).isEqualTo(before.snapshots());
    }
  }

  @Test
  void anotherPageSizeBeginsNewGeneration() throws Exception {
    try (Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database)) {
      Stop before = replicate(witness, writer);
      writer.run(
          "PRAGMA journal_mode=DELETE; PRAGMA page_size=8192; VACUUM; PRAGMA journal_mode=WAL;");
      writer.run(INSERT);
      Stop now = startAgain(witness, before);
      assertNewGeneration(before, now);
    }
  }

  @Test
  void anotherFileInItsPlaceIsCaughtUp() throws Exception {
    try (Witness witness = new Witness(folder)) {
      Stop before;
      try (SqliteProcess writer = new SqliteProcess(database)) {
        before = replicate(witness, writer);
      }
      Shell.expect("rm", "-f", database.toString(), database + "-wal", database + "-shm");
      SqliteProcess.create(database, 4096, "FULL", RandomSql.SCHEMA);
      try (SqliteProcess writer = new SqliteProcess(database)) {
        writer.run(INSERT);
        Stop now = startAgain(witness, before);
        assertCaughtUp(before, now);
      }
    }
  }

  @Test
  void allThatStreamMakesIsForWhomTheDatabaseIsFor() throws Exception {
    String owner = System.getProperty("user.name").equals("root") ? "nobody" : "";
    Shell.expect("chmod", "600", database.toString());
    if (!owner.isEmpty()) {
      Shell.expect("chown", owner, folder.toString(), database.toString());
    }
    try (Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database);
        StreamController stream = start()) {
      writer.run(INSERT);
      settled(stream, witness);
      String others =
          Shell.expect(
              "sh",
              "-c",
              "find "
                  + String.join(
                      " ",
                      folder.resolve("shadow").toString(),
                      database.toString(),
                      database + ".stream-lock")
                  + " \\( -perm /077"
                  + (owner.isEmpty() ? "" : " -o ! -user " + owner)
                  + " \\) -ls");
      assertThat(others).as("files for others").isEmpty();
    }
  }

  @Test
  void vacuumIsCaughtUpWithAlthoughItChangesEveryPage() throws Exception {
    fill(database);
    try (Witness witness = new Witness(folder)) {
      Stop before;
      try (SqliteProcess writer = new SqliteProcess(database)) {
        before = replicate(witness, writer);
        // The rows are random: now and then one page comes out as it was. Without one more row the
        // next VACUUM lays all of them out anew.
        do {
          writer.run("DELETE FROM t WHERE id = (SELECT min(id) FROM t); VACUUM;");
        } while (anyPageIsSame(before.bytes().array(), witness.bytes(database)));
      }
      Stop now = startAgain(witness, before);
      assertCaughtUp(before, now);
    }
  }

  private static boolean anyPageIsSame(byte[] before, byte[] now) {
    for (int at = 0; at + 4096 <= Math.min(before.length, now.length); at += 4096) {
      if (Arrays.equals(now, at, at + 4096, before, at, at + 4096)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void vacuumBesideStreamThatIsIdleIsTakenAsWhatItIs() throws Exception {
    fill(database);
    try (Witness witness = new Witness(folder);
        StreamController stream = start()) {
      Stop before = settled(stream, witness);
      for (int i = 0; i < 10; i++) {
        Shell.expect("sqlite3", database.toString(), "DELETE FROM t WHERE rowid % 5 = 0; VACUUM;");
        Stop now = settled(stream, witness);
        assertThat(now.generation()).isEqualTo(before.generation());
        assertThat(stream.status().problems()).isEmpty();
        Bytes.assertSame("the newest state", restores.newest(), now.bytes().array());
      }
    }
  }

  @Test
  void anUnrelatedLargerOneInItsPlaceIsRefused() throws Exception {
    fill(database);
    Stop before;
    try (Witness witness = new Witness(folder);
        SqliteProcess writer = new SqliteProcess(database)) {
      before = replicate(witness, writer);
    }
    Path other = folder.resolve("other.db");
    SqliteProcess.create(
        other,
        4096,
        "NONE",
        "CREATE TABLE another(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            + " LIMIT 600) INSERT INTO another SELECT randomblob(2500) FROM n;"
            + "UPDATE another SET x = randomblob(2500);".repeat(20));
    Shell.expect("sh", "-c", "rm -f " + database + "-*; cp " + other + " " + database);
    assertThatThrownBy(this::start)
        .isInstanceOf(NewGenerationRefusedException.class)
        .hasMessageContaining("no page that tells anything is what it was");
    Bytes.assertSame("the newest state", restores.newest(), before.bytes().array());
  }

  /** Fills it such that VACUUM finds something to do on every page. */
  private static void fill(Path file) throws Exception {
    String rows =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 600)"
            + " INSERT INTO t(v) SELECT randomblob(200 + abs(random()) % 700) FROM n;";
    Shell.expect(
        "sqlite3",
        file.toString(),
        "CREATE TABLE IF NOT EXISTS filler(x);"
            + (rows + "INSERT INTO filler SELECT randomblob(3000) FROM t LIMIT 40;").repeat(2)
            + "DELETE FROM filler; DELETE FROM t WHERE rowid % 7 = 0;");
  }

  /** Many stops in a row, with anything in between. */
  @Test
  void neverLeavesHole() throws Exception {
    Random random = TestRun.random("stopped");
    accepted = true; // what is random may well delete nearly everything
    int resumed = 0;
    int rounds = TestRun.rounds(20, 300);
    try (Witness witness = new Witness(folder)) {
      RandomSql script = new RandomSql(random, 0, 4096);
      Stop before;
      try (SqliteProcess writer = new SqliteProcess(database)) {
        before = replicate(witness, writer);
      }
      for (int round = 0; round < rounds; round++) {
        try (SqliteProcess writer = new SqliteProcess(database)) {
          writer.run(script.settings());
          for (String step : script.steps(random.nextInt(6))) {
            writer.run(step);
          }
          if (random.nextBoolean()) {
            writer.leave();
          }
          Stop now = startAgain(witness, before);
          resumed += now.generation().equals(before.generation()) ? 1 : 0;
          before = now;
        } catch (AssertionError e) {
          throw new AssertionError(
              "round %d of stream.test.seed=%d".formatted(round, TestRun.seed()), e);
        }
      }
      List<GenerationListing> generations = restores.listing().generations();
      System.out.printf(
          "stopped: of %d starts %d went on, %d generations in all%n",
          rounds, resumed, generations.size());
    }
  }
}
