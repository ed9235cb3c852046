package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention in a running replication: commits go on whatever it meets. */
class RetentionTest {

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private MemoryReplica store;
  private final AtomicInteger deletions = new AtomicInteger();
  private volatile boolean denied;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    bench.checkInterval = Duration.ofHours(1);
    bench.snapshotRetention = Duration.ofHours(3);
    bench.snapshotInterval = Duration.ofDays(100); // those that the test asks for, and no others
    database = new ModelDatabase(512, Bench.seed(0));
    store = MemoryReplica.create(bench.clock);
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  /** The store, as credentials see it that may lose a right. */
  private Replica guarded() {
    return new ForwardingReplica(store.another()) {
      @Override
      public void delete(Collection<ObjectKey> keys) throws IOException {
        deletions.incrementAndGet();
        if (denied) {
          throw new ReplicaException(Reason.ACCESS_DENIED, "no right to delete");
        }
        super.delete(keys);
      }
    };
  }

  /** Writes, with a snapshot every ten minutes. */
  private void write(Replication stream, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      database.commit();
      database.deliver();
      stream.sync(Bench.SOON);
      stream.snapshotNow();
      Bench.await("a snapshot", () -> newestSnapshot() == database.txId);
      bench.now = bench.now.plus(Duration.ofMinutes(10));
    }
  }

  private long newestSnapshot() {
    return listing().stream()
        .flatMap(generation -> generation.snapshots().stream())
        .mapToLong(SnapshotDescriptor::txId)
        .max()
        .orElse(-1);
  }

  private int snapshots() {
    return listing().stream().mapToInt(one -> one.snapshots().size()).sum();
  }

  private List<GenerationListing> listing() {
    try {
      return new ReplicaArchive(store).list().generations();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsOlderThanTheWindowGoesWhileCommitsGoOn() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, guarded());
    write(stream, 40); // the monitor looks every second
    bench.now = bench.now.plus(Duration.ofHours(1));
    Bench.await("what is old is gone", () -> snapshots() < 33);
    assertThat(stream.status().replicas().get(0).lastError()).isNull();
    assertThat(listing()).hasSize(1);
    database.commit();
    database.deliver();
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(proven()).isEqualTo(database.txId);
    assertThat(bench.count("generation")).isEqualTo(1);
  }

  @Test
  void aReplicaThatMayNotDeleteTakesCommitsAndSaysWhatItLacks() throws Exception {
    denied = true;
    Replication stream = bench.start(folder.resolve("s"), database, guarded());
    write(stream, 40);
    Bench.await("a deletion was tried", () -> deletions.get() > 0);
    Bench.await(
        "the status tells it",
        () -> {
          String error = stream.status().replicas().get(0).lastError();
          return error != null && error.contains("no right to delete");
        });
    write(stream, 1);
    assertThat(stream.dataLossWindow()).isZero();
    assertThat(bench.count("not deleting r0")).isEqualTo(1);
    assertThat(bench.count("failing r0")).isZero();
    denied = false;
    write(stream, 7);
    Bench.await("it deletes again", () -> bench.count("deleting again r0") == 1);
    Bench.await("the status is good", () -> stream.status().replicas().get(0).lastError() == null);
    assertThat(stream.close()).isEmpty();
  }

  private long proven() throws IOException {
    ScriptedReplica copy = new ScriptedReplica();
    try (ObjectListing listing = store.list("")) {
      while (listing.hasNext()) {
        ObjectInfo object = listing.next();
        try (InputStream in = store.open(object.key(), 0, object.size())) {
          copy.objects.put(object.key(), in.readAllBytes());
        }
      }
    }
    return PlainRestore.provesAll(copy, database.history);
  }
}
