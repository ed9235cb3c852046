package dev.stream.core.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.replicate.ForwardingReplica;
import dev.stream.testkit.replica.Fault;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import dev.stream.testkit.replica.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked of a replica is counted, whatever becomes of it. */
final class CountedReplicaTest {

  private static final ObjectKey KEY = new ObjectKey("a/b");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final FaultyReplica store = FaultyReplica.over(MemoryReplica.create());
  private final ReplicaCounters counters = new ReplicaCounters(() -> NOW);
  private final CountedReplica replica = new CountedReplica(store, counters);

  private record Body(int length) implements ObjectBody {
    @Override
    public long size() {
      return length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(new byte[length]);
    }
  }

  /** Fails whatever is asked of it. */
  private static final class TornInput extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("torn");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      throw new IOException("torn");
    }
  }

  private OperationCounter of(ReplicaOperation operation) {
    return counters.of(operation);
  }

  @Test
  void everyOperationIsCountedWithWhatItMoved() throws IOException {
    assertThat(counters.lastSuccess()).isNaN();
    assertThat(replica.put(KEY, new Body(700)).size()).isEqualTo(700);
    assertThat(replica.create(new ObjectKey("a/c"), new Body(300)).size()).isEqualTo(300);
    try (InputStream stream = replica.open(KEY, 0, 100)) {
      assertThat(stream.read()).isZero();
      assertThat(stream.readAllBytes()).hasSize(99);
      assertThat(of(ReplicaOperation.READ).count()).as("counted once it is closed").isZero();
    }
    try (ObjectListing listing = replica.list("")) {
      while (listing.hasNext()) {
        var one = listing.next();
        assertThat(one.size()).isPositive();
      }
    }
    replica.delete(List.of(KEY));
    assertThat(of(ReplicaOperation.STORE).count()).isEqualTo(2);
    assertThat(of(ReplicaOperation.STORE).bytes()).isEqualTo(1000);
    assertThat(of(ReplicaOperation.READ).count()).isEqualTo(1);
    assertThat(of(ReplicaOperation.READ).bytes()).isEqualTo(100);
    assertThat(of(ReplicaOperation.LIST).count()).isEqualTo(1);
    assertThat(of(ReplicaOperation.DELETE).count()).isEqualTo(1);
    for (ReplicaOperation operation : ReplicaOperation.values()) {
      assertThat(of(operation).seconds()).isPositive();
      for (Reason reason : Reason.values()) {
        assertThat(of(operation).failures(reason)).isZero();
      }
    }
    assertThat(counters.lastSuccess()).isEqualTo((double) NOW.getEpochSecond());
  }

  @Test
  void whatFailsIsCountedByItsReasonAndOnce() {
    store.next(Operation.PUT, Fault.failing(Reason.ACCESS_DENIED));
    assertThatThrownBy(() -> replica.put(KEY, new Body(7))).isInstanceOf(ReplicaException.class);
    assertThatThrownBy(() -> replica.open(KEY, 0, 1)).isInstanceOf(ReplicaException.class);
    assertThat(of(ReplicaOperation.STORE).failures(Reason.ACCESS_DENIED)).isEqualTo(1);
    assertThat(of(ReplicaOperation.STORE).count()).isEqualTo(1);
    assertThat(of(ReplicaOperation.STORE).bytes()).isZero();
    assertThat(of(ReplicaOperation.READ).failures(Reason.NOT_FOUND)).isEqualTo(1);
    assertThat(of(ReplicaOperation.READ).count()).isEqualTo(1);
    assertThat(counters.lastSuccess()).isNaN();
  }

  /** A reader asks again and again what has failed; it is one operation all the same. */
  @Test
  void aStreamThatFailsIsOneFailure() throws IOException {
    CountedReplica broken =
        new CountedReplica(
            new ForwardingReplica(MemoryReplica.create()) {
              @Override
              public InputStream open(ObjectKey key, long offset, long length) {
                return new TornInput();
              }
            },
            counters);
    try (InputStream stream = broken.open(KEY, 0, 1)) {
      assertThatThrownBy(stream::read).hasMessage("torn");
      assertThatThrownBy(stream::read).hasMessage("torn");
    }
    assertThat(of(ReplicaOperation.READ).failures(Reason.UNAVAILABLE)).isEqualTo(1);
    assertThat(of(ReplicaOperation.READ).count()).isEqualTo(1);
    assertThat(counters.lastSuccess()).isNaN();
  }
}
