package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.SuppliedClock;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.state.GenerationId;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica loses nothing for a listing that is in doubt. It always has something that is to go by
 * the rules, and that goes once the doubt is gone.
 */
@Timeout(120)
final class DoubtfulListingTest {

  private static final Duration AGE = Duration.ofHours(10);

  @TempDir Path folder;
  private Bench bench;
  private ModelDatabase database;
  private Instant storing;
  private MemoryReplica store;
  private final AtomicInteger listings = new AtomicInteger();
  private final AtomicInteger deletions = new AtomicInteger();
  private volatile boolean unreachable;
  private volatile Predicate<ObjectKey> refused = key -> false;
  private volatile Runnable whilePutting = () -> {};
  private volatile Runnable afterListing = () -> {};

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench();
    bench.checkInterval = Duration.ofHours(1);
    bench.snapshotRetention = Duration.ofHours(3);
    bench.snapshotInterval = Duration.ofDays(100); // those that the test asks for, and no others
    bench.sleeper = Bench.SHORT_PAUSES;
    database = new ModelDatabase(512, Bench.seed(0));
    storing = bench.now;
    store = MemoryReplica.create(new SuppliedClock(() -> storing));
  }

  @AfterEach
  void noThreadIsLeft() {
    bench.stop();
  }

  private Replica replica() {
    return new ForwardingReplica(store.another()) {
      @Override
      public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
        whilePutting.run();
        if (refused.test(key)) {
          throw new ReplicaException(Reason.UNAVAILABLE, "scripted refusal");
        }
        return super.put(key, body);
      }

      @Override
      public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
        whilePutting.run();
        if (refused.test(key)) {
          throw new ReplicaException(Reason.UNAVAILABLE, "scripted refusal");
        }
        return super.create(key, body);
      }

      @Override
      public ObjectListing list(String prefix) throws IOException {
        if (unreachable) {
          throw new ReplicaException(Reason.UNAVAILABLE, "scripted outage");
        }
        ObjectListing listing = super.list(prefix);
        afterListing.run();
        listings.incrementAndGet();
        return listing;
      }

      @Override
      public void delete(Collection<ObjectKey> keys) throws IOException {
        deletions.incrementAndGet();
        super.delete(keys);
      }
    };
  }

  /**
   * A replica with snapshots and segments that retention is to delete, as the next listing tells:
   * they were stored ten hours before the rest.
   */
  private Replication replicated() throws Exception {
    Replication stream = bench.start(folder.resolve("s"), database, replica());
    for (int i = 0; i < 5; i++) {
      if (i == 3) {
        storing = storing.plus(AGE);
      }
      commit(stream);
      int before = snapshots();
      stream.snapshotNow();
      Bench.await("a snapshot", () -> snapshots() > before);
    }
    commit(stream);
    commit(stream);
    assertThat(deletions).as("before a look").hasValue(0);
    return stream;
  }

  private void commit(Replication stream) throws Exception {
    database.commit();
    stream.sync(Bench.SOON);
  }

  private List<GenerationListing> listing() {
    try {
      return new ReplicaArchive(store).list().generations();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int snapshots() {
    return listing().stream().mapToInt(one -> one.snapshots().size()).sum();
  }

  /** Time enough for all that was stored later to count. */
  private void timePasses() {
    bench.now = bench.now.plus(AGE).plus(bench.checkInterval);
  }

  private void putByAnother(ObjectKey key) throws IOException {
    store.put(key, new OneByte());
  }

  private static boolean isSnapshot(ObjectKey key) {
    return key.value().contains("/snapshots/");
  }

  /** What deletes has worked off what it was handed. */
  private void nothingIsDeleted() {
    int[] resting = {0};
    Bench.await(
        "retention rests",
        () -> {
          boolean waits =
              Thread.getAllStackTraces().keySet().stream()
                  .noneMatch(
                      thread ->
                          thread.getName().equals("stream-prune-r0")
                              && thread.getState() == Thread.State.RUNNABLE);
          resting[0] = waits ? resting[0] + 1 : 0;
          return resting[0] >= 20;
        });
    assertThat(deletions).hasValue(0);
  }

  private void thenItGoes(Replication stream) throws Exception {
    refused = key -> false;
    stream.sync(Bench.SOON);
    bench.now = bench.now.plus(bench.checkInterval);
    Bench.await("what nothing needs is gone", () -> deletions.get() > 0);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
  }

  @Test
  void withoutDoubtItGoesWithTheNextListing() throws Exception {
    Replication stream = replicated();
    timePasses();
    thenItGoes(stream);
  }

  @Test
  void aReplicaWithAHoleLosesNothingBeforeItHasANewSnapshot() throws Exception {
    Replication stream = replicated();
    GenerationListing only = listing().get(0);
    store.delete(List.of(only.segments().get(only.segments().size() - 2).key()));
    refused = DoubtfulListingTest::isSnapshot;
    timePasses();
    Bench.await("the hole is found", () -> bench.count("failing r0") > 0);
    nothingIsDeleted();
    thenItGoes(stream);
  }

  @Test
  void aReplicaThatAnotherWroteToLosesNothingBeforeThatIsAccepted() throws Exception {
    Replication stream = replicated();
    GenerationId later = GenerationId.next(bench.clock, new Random(1), listing().get(0).id());
    putByAnother(ArtefactKeys.snapshot(later, 1));
    timePasses();
    Bench.await("it is found", () -> bench.count("held back r0") > 0);
    nothingIsDeleted();
    Files.createFile(folder.resolve("s").resolve(LineageMark.ACCEPT));
    Bench.await("it is accepted", () -> bench.count("generation replica r0 has the later") > 0);
    thenItGoes(stream);
  }

  @Test
  void aReplicaWithTransactionsThatNobodyHereKnowsLosesNothingBeforeThatIsAccepted()
      throws Exception {
    Replication stream = replicated();
    GenerationId generation = listing().get(0).id();
    putByAnother(ArtefactKeys.segment(generation, 0, database.txId + 1, database.txId + 1));
    timePasses();
    Bench.await("it is found", () -> bench.count("held back r0") > 0);
    nothingIsDeleted();
    Files.createFile(folder.resolve("s").resolve(LineageMark.ACCEPT));
    Bench.await("accepted", () -> bench.count("generation replica r0 has transaction") > 0);
    thenItGoes(stream);
  }

  @Test
  void aReplicaThatIsHeldBackAtTheStartLosesNothing() throws Exception {
    assertThat(replicated().close()).isEmpty();
    bench.closeTimeout = Duration.ofMillis(10);
    timePasses();
    unreachable = true;
    ModelDatabase other = new ModelDatabase(512, Bench.seed(1));
    other.commit();
    Replication stream = bench.start(folder.resolve("other"), other, replica());
    unreachable = false;
    int before = listings.get();
    Bench.await("listed and refused", () -> listings.get() >= before + 3);
    assertThat(stream.status().replicas().get(0).lastError()).contains("--accept-new-generation");
    nothingIsDeleted();
  }

  @Test
  void aListingThatWasOvertakenByAnUploadIsNotActedOn() throws Exception {
    Replication stream = replicated();
    CountDownLatch listed = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch putting = new CountDownLatch(1);
    whilePutting =
        () -> {
          putting.countDown();
          await(listed);
        };
    stream.snapshotNow();
    await(putting);
    int first = listings.get();
    afterListing =
        () -> {
          if (listings.get() == first) {
            listed.countDown(); // what is stored now is not in the listing
            Bench.await("stored", () -> stream.status().replicas().get(0).pendingArtefacts() == 0);
          } else {
            await(looked);
          }
        };
    timePasses();
    Bench.await("listed", () -> listings.get() > first);
    try {
      nothingIsDeleted();
    } finally {
      looked.countDown();
    }
    thenItGoes(stream);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
