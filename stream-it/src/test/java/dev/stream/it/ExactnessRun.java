package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.StreamController;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.status.CatchUp;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One random run: two writing processes, in turn and at once, while Stream replicates; then every
 * state that can be restored is held against what the source was.
 */
final class ExactnessRun {

  private static final List<String> VACUUM = List.of("NONE", "FULL", "INCREMENTAL");

  private final Random random;
  private final int pageSize;
  private final Path folder;
  private final Path database;
  private final Path replica;

  /** What the source was, by generation and transaction, wherever the writers paused. */
  private final Map<String, byte[]> known = new HashMap<>();

  /** Those among them whose transaction was not asked of Stream yet. */
  private final Set<String> unsettled = new HashSet<>();

  private @Nullable CatchUp caughtUp;
  private byte[] last = {};
  private long lastTxId;
  private String generation = "";

  int compared;
  int judged;
  int newGenerations;
  int catchUps;

  ExactnessRun(long seed, int pageSize, Path folder) {
    this.random = new Random(seed);
    this.pageSize = pageSize;
    this.folder = folder;
    this.database = folder.resolve("app.db");
    this.replica = folder.resolve("replica");
  }

  void run() throws Exception {
    String vacuum = VACUUM.get(random.nextInt(VACUUM.size()));
    SqliteProcess.create(database, pageSize, vacuum, RandomSql.SCHEMA);
    try (Witness witness = new Witness(folder);
        SqliteProcess one = new SqliteProcess(database);
        SqliteProcess two = new SqliteProcess(database);
        StreamController stream = StreamController.enable(config())) {
      List<SqliteProcess> writers = List.of(one, two);
      List<RandomSql> scripts =
          List.of(new RandomSql(random, 0, pageSize), new RandomSql(random, 1, pageSize));
      for (int i = 0; i < 2; i++) {
        writers.get(i).run(scripts.get(i).settings());
      }
      settle(stream, witness, 0, 0);
      int rounds = 2 + random.nextInt(3);
      for (int round = 0; round < rounds; round++) {
        inTurn(writers, scripts, stream, witness);
        atOnce(writers, scripts, stream, witness);
      }
    }
    judge();
  }

  private StreamConfig config() throws IOException {
    return StreamConfig.builder()
        .database("sqlite", Map.of("path", database))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofMillis(20 + random.nextInt(30)))
        .snapshotInterval(Duration.ofMillis(random.nextBoolean() ? 200 : 300_000))
        .segmentLimit(random.nextBoolean() ? 64 << 10 : 64 << 20)
        .compression(random.nextBoolean() ? "zstd" : "none")
        .replica("file", Map.of("path", replica))
        .build();
  }

  /** One step at a time: every state of the source is known. */
  private void inTurn(
      List<SqliteProcess> writers,
      List<RandomSql> scripts,
      StreamController stream,
      Witness witness)
      throws Exception {
    int steps = 3 + random.nextInt(8);
    for (int i = 0; i < steps; i++) {
      int who = random.nextInt(2);
      writers.get(who).run(scripts.get(who).step());
      byte[] now = witness.bytes(database);
      if (Arrays.equals(now, last)) {
        // Nothing was committed, or something that changes nothing, such as the pragma that is set.
        settle(stream, witness, 0, 1);
      } else {
        last = now;
        lastTxId++;
        String state = generation + "/" + lastTxId;
        known.put(state, now);
        unsettled.add(state);
      }
    }
    settle(stream, witness, 0, 0);
  }

  /** Both at once: states in between are judged by what their rows say. */
  private void atOnce(
      List<SqliteProcess> writers,
      List<RandomSql> scripts,
      StreamController stream,
      Witness witness)
      throws Exception {
    for (int i = 0; i < 2; i++) {
      scripts.get(i).steps(2 + random.nextInt(10)).forEach(writers.get(i)::send);
    }
    for (SqliteProcess writer : writers) {
      writer.await();
    }
    settle(stream, witness, 0, Integer.MAX_VALUE);
  }

  /** Waits for Stream; as many transactions must be new to it as the caller says. */
  private void settle(StreamController stream, Witness witness, int atLeast, int atMost)
      throws Exception {
    long expected = lastTxId;
    String before = generation;
    CatchUp caughtUpBefore = caughtUp;
    stream.sync(Await.PATIENCE);
    StreamStatus status = stream.status();
    caughtUp = status.lastCatchUp();
    last = witness.bytes(database);
    lastTxId = status.txId();
    generation = String.valueOf(status.generation());
    if (generation.equals(before) && !Objects.equals(caughtUp, caughtUpBefore)) {
      // Several commits may have become one transaction, so that those after it count otherwise.
      known.keySet().removeAll(unsettled);
      catchUps++;
    } else if (generation.equals(before)) {
      assertThat(lastTxId - expected)
          .as("every commit counts as one transaction")
          .isBetween((long) atLeast, (long) atMost);
    } else if (!before.isEmpty()) {
      // The source lost its position somewhere: from there on it counted otherwise.
      known.keySet().removeIf(key -> key.startsWith(before));
      newGenerations++;
    }
    unsettled.clear();
    known.put(generation + "/" + lastTxId, last);
  }

  private void judge() throws Exception {
    Restores restores = Restores.from(replica, folder);
    Bytes.assertSame("newest state", restores.newest(), last);
    for (GenerationListing listed : restores.listing().generations()) {
      for (long txId : Restores.ends(listed)) {
        judge(restores, listed.id(), txId);
      }
    }
    assertThat(restores.verify().ok()).as("verified").isTrue();
  }

  private void judge(Restores restores, GenerationId id, long txId) throws Exception {
    byte[] expected = known.get(id + "/" + txId);
    RestoreState state =
        restores.restore(new RestoreTarget.Transaction(id, txId), DatabaseCheck.QUICK);
    if (expected != null) {
      assertThat(Files.mismatch(state.path(), write(expected)))
          .as("first byte in which the restore at transaction %s differs from the source", txId)
          .isEqualTo(-1);
      compared++;
    } else {
      Invariants.assertCommitted(state.path());
      judged++;
    }
    Files.delete(state.path());
  }

  private Path write(byte[] expected) throws IOException {
    return Files.write(folder.resolve("expected.db"), expected);
  }
}
