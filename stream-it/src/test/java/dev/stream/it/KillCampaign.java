package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.state.TxRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rounds against one database, one shadow directory and one replica: Stream in a process of its own
 * is killed at a random moment, and so are the writers now and then, while segments are merged and
 * retention deletes; after each kill the replica must hold a committed state, no older than the one
 * before, and one of each moment of the window that can be told.
 */
final class KillCampaign implements AutoCloseable {

  private static final long NEVER = 3_600_000;
  private static final Duration WINDOW = Duration.ofSeconds(8);

  private final Random random;
  private final KillReport report;
  private final Path folder;
  private final Path database;
  private final Path shadow;
  private final Path replica;
  private final List<BusyWriter> writers = new ArrayList<>();
  private final Restores restores;
  private final Witness witness;
  private int restored = -1;
  private @Nullable Instant firstRestore;
  private boolean held;

  KillCampaign(long seed, int pageSize, Path folder, KillReport report) throws Exception {
    this.random = new Random(seed);
    this.report = report;
    this.folder = folder;
    this.database = folder.resolve("app.db");
    this.shadow = folder.resolve("shadow");
    this.replica = Files.createDirectory(folder.resolve("replica"));
    SqliteProcess.create(
        database,
        pageSize,
        "INCREMENTAL",
        RandomSql.SCHEMA
            + "CREATE TABLE weight(v); INSERT INTO weight VALUES(randomblob(3000000));");
    this.restores = Restores.from(replica, folder);
    this.witness = new Witness(folder);
    for (int writer = 0; writer < 2; writer++) {
      writers.add(new BusyWriter(database, writer, pageSize, random.nextLong()));
    }
  }

  /** Kills Stream once, or twice if it is to be seen that nothing happened in between. */
  void round() throws Exception {
    switch (random.nextInt(4)) {
      case 0 -> quiet();
      case 1 -> settled();
      default -> busy();
    }
    assertNewestCommitted();
    assertMomentCommitted();
  }

  /** Killed while nobody writes: the next start must go on, and without another snapshot. */
  private void quiet() throws Exception {
    String generation;
    long snapshot;
    try (ChildJvm stream = start(NEVER)) {
      started(stream);
      pause();
      generation = settle(stream);
      // The generation's own snapshot counts, wherever it is by now.
      Await.until("a snapshot", () -> newestSnapshot(generation) > 0);
      snapshot = newestSnapshot(generation);
      stream.kill();
      report.kills++;
    }
    try (ChildJvm stream = start(NEVER)) {
      String start = report.started(stream);
      assertThat(start).startsWith(generation + " resumed: ");
      assertThat(settle(stream)).isEqualTo(generation);
      assertThat(newestSnapshot(generation)).as("snapshot of " + generation).isEqualTo(snapshot);
      Bytes.assertSame("newest state", restores.newest(), witness.bytes(database));
      report.quiet++;
      stream.kill();
      report.kills++;
    }
    go();
  }

  /** Everything is compared once, then the writers go on and Stream is killed. */
  private void settled() throws Exception {
    try (ChildJvm stream = start(random.nextBoolean() ? 300 : NEVER)) {
      started(stream);
      pause();
      settle(stream);
      Bytes.assertSame("newest state", restores.newest(), witness.bytes(database));
      report.compared++;
      go();
      somethingHappens(stream);
      stream.kill();
      report.kills++;
    }
    meanwhile();
  }

  /** Killed at any moment, from the very start on. */
  private void busy() throws Exception {
    try (ChildJvm stream = start(random.nextBoolean() ? 300 : NEVER)) {
      if (random.nextInt(3) == 0) {
        delay(700);
      } else {
        started(stream);
        somethingHappens(stream);
      }
      stream.kill();
      report.kills++;
    }
    meanwhile();
  }

  private ChildJvm start(long snapshotMillis) throws IOException {
    Path config =
        new ConfigFile(database, shadow)
            .folder(replica)
            .set("syncInterval", "20ms")
            .set("snapshotInterval", snapshotMillis + "ms")
            .set("compaction", Map.of("levels", List.of("100ms", "400ms", "2s")))
            .set(
                "retention",
                Map.of(
                    "snapshotRetention",
                    WINDOW.toString(),
                    "checkInterval",
                    "200ms",
                    "segmentRetention",
                    List.of("500ms", "2s", "4s")))
            .write(folder.resolve("stream.json"));
    return ChildJvm.start(ReplicateMain.class, List.of("-Xmx128m"), config);
  }

  private void started(ChildJvm stream) throws InterruptedException {
    String start = report.started(stream);
    if (held) {
      report.held(start);
    }
    held = false;
    go();
  }

  private String settle(ChildJvm stream) throws InterruptedException {
    stream.say("sync");
    return stream.answer("synced ").split(" ", 2)[0];
  }

  /** Returns at the moment at which Stream is to be killed. */
  private void somethingHappens(ChildJvm stream) throws Exception {
    if (random.nextInt(3) == 0) {
      writers.get(random.nextInt(2)).kill();
      report.writerKills++;
    }
    switch (random.nextInt(4)) {
      case 0 -> delay(300);
      case 1 -> {
        stream.say("snapshot");
        delay(60);
      }
      case 2 -> await("a segment or snapshot is being written", shadow.resolve("tmp"));
      default -> await("an artefact is on its way", replica);
    }
  }

  /** Waits until a file is being written, which there is for a moment only. */
  private void await(String what, Path place) throws Exception {
    boolean[] any = new boolean[1];
    long deadline = System.nanoTime() + 400_000_000;
    while (!any[0] && System.nanoTime() < deadline) {
      try (Stream<Path> files = Files.walk(place)) {
        any[0] = files.anyMatch(KillCampaign::isBeingWritten);
      } catch (java.io.UncheckedIOException | IOException e) {
        // It was there for a moment.
        any[0] = true;
      }
    }
    report.caught(any[0] ? what : "nothing in particular");
  }

  private static boolean isBeingWritten(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && !name.equals("status.json")
        && (file.getParent().endsWith("tmp") || name.startsWith("."));
  }

  /** What others do while there is no Stream. */
  private void meanwhile() throws Exception {
    switch (random.nextInt(10)) {
      case 0 -> {
        pause();
        writers.get(0).process().run("PRAGMA wal_checkpoint(TRUNCATE);");
        go();
      }
      case 1 -> {
        pause();
        for (BusyWriter writer : writers) {
          writer.leave();
        }
        for (BusyWriter writer : writers) {
          writer.comeBack();
        }
        go();
      }
      case 2 -> {
        pause();
        writers.get(random.nextInt(2)).killInTransaction();
        report.writerKills++;
        go();
      }
      case 3 -> delay(100);
      case 4 -> {}
      default -> {
        // They have hardly written anything since Stream died, and wait for it.
        pause();
        held = true;
      }
    }
  }

  private void pause() throws InterruptedException {
    for (BusyWriter writer : writers) {
      writer.pause();
    }
    // A writer that was killed between writing a commit and publishing it leaves that in the log:
    // it never happened, but the witness, who sees files only, would believe it. So overwrite it.
    writers.get(0).process().run("UPDATE tally SET n = n;");
  }

  private void go() {
    writers.forEach(BusyWriter::go);
  }

  private void delay(int millis) {
    LockSupport.parkNanos(random.nextInt(millis * 1_000) * 1_000L);
  }

  private long newestSnapshot(String generation) throws IOException {
    return restores.listing().generations().stream()
        .filter(listed -> listed.id().value().equals(generation))
        .flatMap(listed -> listed.snapshots().stream())
        .mapToLong(SnapshotDescriptor::txId)
        .max()
        .orElse(0);
  }

  private void assertNewestCommitted() throws Exception {
    int transactions;
    try {
      transactions = committed(RestoreTarget.NEWEST);
    } catch (RestoreException e) {
      if (restored < 0 && restores.listing().generations().stream().allMatch(this::noSnapshot)) {
        return;
      }
      throw e;
    }
    assertThat(transactions).as("transactions in the replica").isGreaterThanOrEqualTo(restored);
    restored = transactions;
    report.restores++;
  }

  /**
   * Retention counts up to the newest object: each moment of its window has a state, once all that
   * was captured by then has arrived.
   */
  private void assertMomentCommitted() throws Exception {
    if (restored < 0) {
      return;
    }
    Instant newest =
        restores.listing().generations().stream()
            .flatMap(listed -> listed.artefacts().stream())
            .map(ArtefactDescriptor::storedAt)
            .max(Comparator.naturalOrder())
            .orElseThrow();
    Instant first = firstRestore;
    if (first == null) {
      firstRestore = newest;
      return;
    }
    Instant moment = newest.minusMillis(random.nextInt((int) WINDOW.toMillis()));
    if (moment.isAfter(first)) {
      RestoreTarget target = new RestoreTarget.Moment(null, moment);
      if (restores.decision(target) instanceof RestorePlanProblem.LostMoment lost) {
        assertOnTheirWay(lost);
        report.onTheirWay++;
        return;
      }
      int transactions = committed(target);
      assertThat(transactions).as("transactions at " + moment).isLessThanOrEqualTo(restored);
      report.moments++;
    }
  }

  /**
   * A snapshot does not wait for the segments before it, so a kill may come when it alone is there.
   * Of the moments in between nobody can tell then, until the next start brings what is missing:
   * the shadow directory must have it.
   */
  private void assertOnTheirWay(RestorePlanProblem.LostMoment lost) throws IOException {
    Map<ObjectKey, ArtefactDescriptor> all = new HashMap<>();
    for (ArchiveListing place :
        List.of(Restores.from(shadow, folder).listing(), restores.listing())) {
      place.generations().stream()
          .flatMap(listed -> listed.artefacts().stream())
          .forEach(artefact -> all.put(artefact.key(), artefact));
    }
    GenerationListing together =
        ArchiveListing.of(all.values()).generation(lost.before().generation()).orElseThrow();
    List<TxRange> whole = new StateGraph(together).ranges();
    for (TxRange missing : lost.missing()) {
      assertThat(whole)
          .as("in the replica and the shadow directory, of which: " + lost.message())
          .anyMatch(one -> one.first() < missing.first() && one.last() >= missing.last());
    }
  }

  /** Restores a state that must be a committed one; returns the number of its transactions. */
  private int committed(RestoreTarget target) throws Exception {
    RestoreState state = restores.restore(target, DatabaseCheck.QUICK);
    Invariants.assertCommitted(state.path());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state.path())) {
      return Integer.parseInt(Invariants.value(connection, "SELECT sum(n) FROM tally"));
    } finally {
      Files.delete(state.path());
    }
  }

  private boolean noSnapshot(GenerationListing listed) {
    return listed.snapshots().isEmpty();
  }

  /** At the end, replication goes on as if nothing had been. */
  void finish() throws Exception {
    try (ChildJvm stream = start(NEVER)) {
      started(stream);
      pause();
      settle(stream);
      Bytes.assertSame("newest state", restores.newest(), witness.bytes(database));
      stream.say("close");
      assertThat(stream.answer("closed")).isEqualTo("[]");
      assertThat(stream.await()).isZero();
    }
    assertThat(transactionsWritten()).isGreaterThanOrEqualTo(restored);
    report.verified(restores.verify());
  }

  private int transactionsWritten() throws InterruptedException {
    return Integer.parseInt(writers.get(0).process().value("SELECT sum(n) FROM tally;"));
  }

  @Override
  public void close() throws IOException {
    for (BusyWriter writer : writers) {
      writer.close();
    }
    witness.close();
    Shell.expect("rm", "-r", folder.toString());
  }
}
