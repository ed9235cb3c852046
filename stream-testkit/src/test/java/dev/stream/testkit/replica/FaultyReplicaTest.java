package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FaultyReplicaTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");

  private final FaultyReplica replica = FaultyReplica.over(MemoryReplica.create(), 7);

  @ParameterizedTest
  @EnumSource(Reason.class)
  void failsForEveryReasonAsOftenAsTold(Reason reason) throws Exception {
    replica.next(Operation.PUT, Fault.failing(reason), Fault.failing(reason));
    assertFails(reason, () -> put(KEY, 10));
    assertFails(reason, () -> put(KEY, 10));
    assertThat(stored()).isEmpty();
    put(KEY, 10);
    assertThat(replica.count(Operation.PUT)).isEqualTo(3);
    assertThat(replica.failures(Operation.PUT)).isEqualTo(2);
    assertThat(replica.stored()).containsExactly(KEY);
    assertThat(replica.storedBytes()).isEqualTo(10);
  }

  @Test
  void tearsAPutSoThatNothingIsStored() {
    replica.next(Operation.PUT, Fault.torn(5), Fault.torn(1000));
    assertFails(Reason.UNAVAILABLE, () -> put(KEY, 10));
    assertFails(Reason.UNAVAILABLE, () -> put(KEY, 10));
    assertThat(stored()).isEmpty();
  }

  @Test
  void tearsAStreamThatIsRead() throws Exception {
    put(KEY, 10);
    replica.next(Operation.OPEN, Fault.torn(4));
    try (InputStream in = replica.open(KEY, 0, 10)) {
      assertThat(in.readNBytes(4)).hasSize(4);
      assertThatThrownBy(in::read).isInstanceOf(ReplicaException.class);
    }
  }

  @Test
  void losesTheReplyToAPutThatSucceeded() {
    replica.next(Operation.PUT, Fault.replyLost());
    assertFails(Reason.UNAVAILABLE, () -> put(KEY, 10));
    assertThat(stored()).containsExactly("g/a");
    assertThat(replica.stored()).isEmpty();
  }

  @Test
  void stallsUntilReleased() throws Exception {
    Stall before = replica.stallNext(Operation.PUT);
    Stall midway = new Stall();
    replica.next(Operation.PUT, Fault.stalled(midway, 5));
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      for (Stall stall : List.of(before, midway)) {
        ObjectKey key = new ObjectKey(stall == before ? "g/before" : "g/midway");
        Future<?> put =
            executor.submit(
                () -> {
                  put(key, 10);
                  return null;
                });
        stall.awaitReached(Duration.ofSeconds(30));
        assertThat(put.isDone()).isFalse();
        assertThat(stored()).doesNotContain(key.value());
        stall.release();
        put.get(30, TimeUnit.SECONDS);
        assertThat(stored()).contains(key.value());
      }
    } finally {
      replica.close();
      executor.shutdown();
    }
  }

  @Test
  void listsLate() throws Exception {
    replica.listLate(2);
    put(KEY, 1);
    assertThat(listed()).isEmpty();
    assertThat(listed()).isEmpty();
    assertThat(listed()).containsExactly("g/a");
    replica.listLate(0);
    put(new ObjectKey("g/b"), 1);
    assertThat(listed()).containsExactly("g/a", "g/b");
  }

  @Test
  void runsFullAndHasSpaceAgainAfterADelete() throws Exception {
    replica.capacity(100);
    put(KEY, 60);
    assertFails(Reason.UNAVAILABLE, () -> put(new ObjectKey("g/b"), 41));
    put(new ObjectKey("g/c"), 40);
    replica.delete(List.of(KEY));
    put(new ObjectKey("g/b"), 41);
    assertThat(stored()).containsExactly("g/b", "g/c");
  }

  @Test
  void goesDownAndUp() throws Exception {
    put(KEY, 1);
    replica.down();
    assertFails(Reason.UNAVAILABLE, () -> put(KEY, 1));
    assertFails(Reason.UNAVAILABLE, () -> replica.open(KEY, 0, 1).close());
    assertFails(Reason.UNAVAILABLE, this::listed);
    assertFails(Reason.UNAVAILABLE, () -> replica.delete(List.of(KEY)));
    replica.up();
    assertThat(listed()).containsExactly("g/a");
  }

  @Test
  void chaosRepeatsBySeed() {
    assertThat(chaos(1)).isEqualTo(chaos(1)).isNotEqualTo(chaos(2)).contains(true, false);
  }

  private static List<Boolean> chaos(long seed) {
    FaultyReplica replica =
        FaultyReplica.over(MemoryReplica.create(), seed)
            .chaos(0.5, Fault.failing(Reason.UNAVAILABLE), Fault.torn(3), Fault.replyLost());
    List<Boolean> succeeded = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      try {
        replica.put(new ObjectKey("g/" + i % 10), TestBody.of(new byte[10]));
        succeeded.add(true);
      } catch (IOException e) {
        succeeded.add(false);
      }
    }
    return succeeded;
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static void assertFails(Reason reason, Attempt attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            ReplicaException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private void put(ObjectKey key, int size) throws IOException {
    replica.put(key, TestBody.of(new byte[size]));
  }

  private List<String> listed() throws IOException {
    return ReplicaContractSupport.keys(replica, "");
  }

  private List<String> stored() {
    try {
      return ReplicaContractSupport.keys(replica.inner(), "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
