package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stores that do not answer, or refuse, when they are opened. */
@Timeout(60)
final class RemoteReplicaTest {

  private final CountDownLatch answers = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger attempts = new AtomicInteger();

  /** What a store's connection does. */
  private interface Connection {
    Replica open() throws IOException;
  }

  private record Store(Connection connection) implements ReplicaProvider<Store> {

    @Override
    public String type() {
      return "store";
    }

    @Override
    public Class<Store> configType() {
      return Store.class;
    }

    @Override
    public Replica open(Store config) throws IOException {
      return connection.open();
    }
  }

  private static RemoteReplica begin(Connection connection) {
    Store store = new Store(connection);
    return RemoteReplica.begin(ReplicaConfig.of("r0", store, store));
  }

  private static long in(Duration duration) {
    return System.nanoTime() + duration.toNanos();
  }

  /** A store that takes its time. */
  private Replica slow() throws IOException {
    begun.countDown();
    try {
      answers.await();
    } catch (InterruptedException e) {
      closed.countDown();
      throw new InterruptedIOException("interrupted");
    }
    return MemoryReplica.create();
  }

  @Test
  void oneThatDoesNotAnswerHoldsNobodyUpAndComesToLife() throws Exception {
    try (RemoteReplica replica = begin(this::slow)) {
      replica.awaitOpen(in(Duration.ofMillis(1)));
      assertThat(replica.name()).isEqualTo("store:r0");
      answers.countDown();
      try (ObjectListing listing = replica.list("")) {
        assertThat(listing.hasNext()).isFalse();
      }
      assertThat(replica.name()).startsWith("memory");
    }
  }

  @Test
  void oneThatRefusesIsRefusedAndSaysWhichItIs() throws Exception {
    try (RemoteReplica replica = begin(() -> fail(Reason.REJECTED))) {
      assertThatThrownBy(() -> replica.awaitOpen(in(Duration.ofSeconds(30))))
          .isInstanceOf(ReplicaException.class)
          .hasMessageContaining("replica r0 cannot be opened: told to fail");
    }
  }

  @Test
  void oneThatCannotBeReachedIsOpenedByTheOperationThatNeedsIt() throws Exception {
    Connection thirdTime =
        () -> attempts.incrementAndGet() < 3 ? fail(Reason.UNAVAILABLE) : MemoryReplica.create();
    try (RemoteReplica replica = begin(thirdTime)) {
      replica.awaitOpen(in(Duration.ofSeconds(30)));
      assertThat(attempts).hasValue(1);
      assertThatThrownBy(() -> replica.list("").close()).hasMessageContaining("told to fail");
      replica.list("").close();
      replica.list("").close();
      assertThat(attempts).hasValue(3);
    }
  }

  @Test
  void closingEndsAnOpeningUnderWay() throws Exception {
    RemoteReplica replica = begin(this::slow);
    begun.await();
    replica.close();
    replica.close();
    closed.await();
    assertThatThrownBy(() -> replica.list("")).hasMessageContaining("is closed");
  }

  private static Replica fail(Reason reason) throws IOException {
    throw new ReplicaException(reason, "told to fail");
  }
}
