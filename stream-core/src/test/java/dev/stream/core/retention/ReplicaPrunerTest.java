package dev.stream.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.SuppliedClock;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.replicate.ForwardingReplica;
import dev.stream.core.replicate.OneByte;
import dev.stream.core.retry.Retry;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.state.GenerationId;
import dev.stream.testkit.replica.Fault;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import dev.stream.testkit.replica.Operation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What deletes from one replica, hour by hour of a clock of our own. */
class ReplicaPrunerTest implements StreamListener {

  private static final Instant START = Instant.parse("2026-05-01T00:30:00Z");

  private Instant wall = START;
  private long nanos;
  private final List<String> events = new ArrayList<>();
  private final Clock clock = new SuppliedClock(() -> wall);
  private final GenerationId generation = GenerationId.next(clock, new Random(4), null);
  private final MemoryReplica store = MemoryReplica.create(clock);
  private final FaultyReplica replica = FaultyReplica.over(store);
  private final ReplicaArchive archive = new ReplicaArchive(replica, Retry.none());
  private ReplicaPruner pruner;
  private long txId;
  private int deleted;

  @BeforeEach
  void begin() {
    pruner = pruner(replica);
  }

  private ReplicaPruner pruner(Replica over) {
    RetentionConfig policy = RetentionConfig.DEFAULTS;
    return new ReplicaPruner(
        "r",
        new ReplicaArchive(over, Retry.none()),
        policy,
        new CautiousClock(clock, () -> nanos, policy.snapshotRetention()),
        new Environment(clock, () -> nanos, Sleeper.SYSTEM, this, new Tasks("")));
  }

  @Override
  public void onEvent(StreamEvent event) {
    if (event instanceof StreamEvent.RetentionFailing it) {
      events.add("failing " + it.message());
    } else if (event instanceof StreamEvent.RetentionRecovered it) {
      events.add("recovered " + it.replica());
    } else if (event instanceof StreamEvent.ArtefactsDeleted it) {
      deleted += it.count();
    }
  }

  private void pass(Duration duration) {
    wall = wall.plus(duration);
    nanos += duration.toNanos();
  }

  private void put(ObjectKey key) throws IOException {
    store.put(key, new OneByte());
    pruner.stored();
  }

  /** An hour of writing: a snapshot, and a segment every ten minutes. */
  private void write() throws IOException {
    put(ArtefactKeys.snapshot(generation, txId));
    for (int i = 0; i < 6; i++) {
      pass(Duration.ofMinutes(10));
      txId++;
      put(ArtefactKeys.segment(generation, 0, txId, txId));
    }
  }

  private void write(int hours) throws IOException {
    for (int i = 0; i < hours; i++) {
      write();
    }
  }

  /** What a running replication does once per interval. */
  private void tick() throws IOException {
    if (pruner.tick()) {
      try {
        pruner.listed(archive.list());
      } catch (IOException e) {
        return;
      }
      pruner.prunePending();
    }
  }

  private List<Long> snapshots() throws IOException {
    List<GenerationListing> generations = listing().generations();
    return generations.get(0).snapshots().stream().map(SnapshotDescriptor::txId).toList();
  }

  private ArchiveListing listing() throws IOException {
    return new ReplicaArchive(store).list();
  }

  private int requests() {
    return replica.count(Operation.LIST) + replica.count(Operation.DELETE);
  }

  @Test
  void tellsHowManyItDeleted() throws IOException {
    int stored = 0;
    for (int hour = 0; hour < 60; hour++) {
      write();
      stored += 7;
      tick();
    }
    assertThat(deleted).isPositive();
    assertThat(listing().generations().get(0).artefacts()).hasSize(stored - deleted);
  }

  @Test
  void deletesWhatIsOlderThanTheWindowAndNothingElse() throws IOException {
    for (int hour = 0; hour < 60; hour++) {
      write();
      tick();
    }
    assertThat(snapshots()).hasSize(25).startsWith(35 * 6L).endsWith(59 * 6L);
    assertThat(listing().generations().get(0).segments()).hasSize(25 * 6);
    assertThat(events).isEmpty();
  }

  @Test
  void anIdleDayCostsOneListing() throws IOException {
    write(60);
    int before = requests();
    pass(24);
    assertThat(replica.count(Operation.DELETE)).isEqualTo(1);
    assertThat(requests() - before).as("the listing after the last store, a deletion").isEqualTo(2);
    List<Long> left = snapshots();
    pass(Duration.ofDays(300));
    before = requests();
    pass(72);
    assertThat(requests() - before).as("one look a day").isEqualTo(3);
    assertThat(snapshots()).as("idle does not age").isEqualTo(left);
    before = requests();
    write();
    pass(5);
    assertThat(requests() - before).as("what was stored is looked at once").isEqualTo(2);
    assertThat(snapshots()).hasSizeLessThan(left.size());
  }

  /** Idle hours, with a check in each. */
  private void pass(int hours) throws IOException {
    for (int hour = 0; hour < hours; hour++) {
      pass(Duration.ofHours(1));
      tick();
    }
  }

  @Test
  void aClockThatIsBehindTheStoresIsNoReasonToStopLooking() throws IOException {
    write(60);
    wall = wall.minus(Duration.ofDays(2));
    pass(24);
    assertThat(replica.count(Operation.LIST)).as("times in the future become past").isEqualTo(24);
    pass(Duration.ofDays(3));
    pass(2);
    assertThat(snapshots()).as("what was due all the time").hasSizeLessThan(30);
  }

  @Test
  void aClockThatIsSetBackIsLookedAfter() throws IOException {
    write(60);
    pass(2);
    int before = requests();
    wall = wall.minus(Duration.ofMinutes(30));
    pass(1);
    assertThat(requests() - before).isLessThanOrEqualTo(1);
    wall = wall.minus(Duration.ofHours(3));
    pass(1);
    assertThat(requests() - before).as("as if a day had passed").isPositive();
  }

  @Test
  void credentialsThatMayNotDeleteAreToldOnceAndTriedOncePerInterval() throws IOException {
    write(60);
    int objects = listing().generations().get(0).artefacts().size();
    replica.chaos(1, Fault.failing(Reason.ACCESS_DENIED));
    ArchiveListing found = listing();
    int before = replica.count(Operation.DELETE);
    for (int hour = 1; hour <= 24; hour++) {
      pass(Duration.ofHours(1));
      if (pruner.tick()) {
        pruner.listed(found);
        pruner.prunePending();
        pruner.listed(found); // a listing for another reason
        pruner.prunePending();
      }
    }
    assertThat(replica.count(Operation.DELETE) - before).isEqualTo(12);
    assertThat(events).singleElement().asString().contains("replica r does not delete");
    assertThat(pruner.error()).contains("does not delete");
    assertThat(listing().generations().get(0).artefacts()).hasSize(objects);
    replica.chaos(0);
    write();
    tick();
    assertThat(events).hasSize(2).last().isEqualTo("recovered r");
    assertThat(pruner.error()).isNull();
    assertThat(snapshots()).hasSizeLessThan(30);
  }

  @Test
  void aStoreThatIsDownIsNoTroubleOfRetention() throws IOException {
    write(60);
    replica.next(Operation.DELETE, Fault.failing(Reason.UNAVAILABLE));
    tick();
    assertThat(events).isEmpty();
    assertThat(pruner.error()).isNull();
    assertThat(snapshots()).hasSize(60);
    write();
    tick();
    assertThat(snapshots()).hasSize(25);
  }

  @Test
  void aDeletionThatHalfSucceedsIsPlannedAnew() throws IOException {
    write(60);
    Replica half = new HalfDeleting(replica);
    pruner = pruner(half);
    for (int tries = 0; tries < 30; tries++) {
      write();
      tick();
    }
    pruner = pruner(replica);
    tick();
    assertThat(snapshots()).hasSize(25);
  }

  /** Deletes some of the objects, and then fails. */
  private static final class HalfDeleting extends ForwardingReplica {
    private final Random random = new Random(7);

    HalfDeleting(Replica inner) {
      super(inner);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) throws IOException {
      List<ObjectKey> some = new ArrayList<>(keys);
      some.removeIf(key -> random.nextBoolean());
      super.delete(some);
      if (some.size() < keys.size()) {
        throw new IOException("the connection broke");
      }
    }
  }

  @Test
  void aClockThatLeapsAYearAheadDeletesNothing() throws IOException {
    for (int hour = 0; hour < 30; hour++) {
      write();
      tick();
    }
    List<Long> before = snapshots();
    wall = wall.plus(Duration.ofDays(365));
    put(ArtefactKeys.snapshot(generation, ++txId));
    for (int i = 0; i < 10; i++) {
      tick();
      txId++;
      put(ArtefactKeys.segment(generation, 0, txId, txId));
    }
    assertThat(snapshots()).containsAll(before);
    wall = wall.minus(Duration.ofDays(365));
    for (int hour = 0; hour < 5; hour++) {
      write();
      tick();
    }
    assertThat(snapshots()).containsAll(before.subList(6, before.size()));
  }

  @Test
  void manyObjectsGoInBatchesAndAStopEndsIt() throws IOException {
    for (int i = 0; i < 2500; i++) {
      pass(Duration.ofMillis(1));
      txId++;
      put(ArtefactKeys.segment(generation, 0, txId, txId));
    }
    write(30);
    tick();
    assertThat(replica.count(Operation.DELETE)).isEqualTo(3);
    pruner.stop();
    write(30);
    pruner.tick();
    pruner.listed(archive.list());
    pruner.prunePending();
    assertThat(replica.count(Operation.DELETE)).isEqualTo(3);
  }
}
