package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.testkit.TestRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Several threads, and several instances, over one store. */
abstract class ReplicaConcurrencyTests extends ReplicaDeleteTests {

  private static final int THREADS = 6;

  @Test
  void concurrentPutsOfDifferentKeysAllArrive() throws Exception {
    List<Callable<ObjectInfo>> puts = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int each = i;
      puts.add(() -> put(String.format("g/%02d/a", each), TestBody.bytes(each, 20_000 + each)));
    }
    List<ObjectInfo> reported = together(puts);
    assertListed("", reported);
    for (int i = 0; i < 16; i++) {
      assertThat(read(String.format("g/%02d/a", i))).isEqualTo(TestBody.bytes(i, 20_000 + i));
    }
  }

  @Test
  void concurrentPutsOfOneKeyLeaveOneOfThemWhole() throws Exception {
    Replica other = openAnother();
    for (int round = 0; round < 5; round++) {
      List<Callable<Void>> puts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Replica target = i % 2 == 0 ? replica : other;
        byte[] content = whole(round * 100 + i);
        puts.add(
            () -> {
              target.put(key("g/a"), TestBody.of(content));
              assertWhole(read(target, "g/a"));
              return null;
            });
      }
      together(puts);
      byte[] winner = read("g/a");
      assertWhole(winner);
      assertThat(infos(replica, "")).hasSize(1);
      assertThat(infos(replica, "").get(0).size()).isEqualTo(winner.length);
      assertThat(read(other, "g/a")).isEqualTo(winner);
    }
  }

  @Test
  void threadsPuttingReadingListingAndDeletingSeeOnlyWholeObjects() throws Exception {
    List<Callable<Void>> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      threads.add(
          () -> {
            hammer(thread, TestRun.random("hammer " + thread));
            return null;
          });
    }
    together(threads);
  }

  /** Keys of its own, whose state a thread knows, and shared ones, which are whole or absent. */
  private void hammer(int thread, Random random) throws Exception {
    String own = "own/" + thread + "/";
    Map<String, Long> model = new TreeMap<>();
    for (int i = 0; i < TestRun.rounds(60, 1000); i++) {
      String ownKey = own + random.nextInt(5) + "/" + random.nextInt(3);
      String sharedKey = "shared/" + random.nextInt(4);
      long version = random.nextInt(1_000_000);
      switch (random.nextInt(7)) {
        case 0, 1 -> {
          put(ownKey, whole(version));
          model.put(ownKey, version);
        }
        case 2 -> {
          delete(List.of(ownKey));
          model.remove(ownKey);
        }
        case 3 -> contended(() -> put(sharedKey, whole(version)));
        case 4 -> {
          if (random.nextInt(4) == 0) {
            contended(() -> delete(List.of(sharedKey)));
          }
          contended(() -> readShared(sharedKey));
        }
        case 5 -> {
          assertThat(keys(own)).isEqualTo(List.copyOf(model.keySet()));
          List<String> all = keys("");
          assertThat(all).isSorted().doesNotHaveDuplicates().containsAll(model.keySet());
        }
        default -> {
          if (model.containsKey(ownKey)) {
            assertThat(read(ownKey)).isEqualTo(whole(model.get(ownKey)));
          } else {
            assertAbsent(replica, ownKey);
          }
        }
      }
    }
    assertThat(keys(own)).isEqualTo(List.copyOf(model.keySet()));
  }

  /** What is asked of an object that others store and delete at the same time. */
  @FunctionalInterface
  private interface Request {
    void make() throws Exception;
  }

  private void contended(Request request) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        request.make();
        return;
      } catch (ReplicaException e) {
        if (e.reason() != Reason.UNAVAILABLE || attempt >= attemptsUnderContention()) {
          throw e;
        }
      }
    }
  }

  private void readShared(String key) throws Exception {
    byte[] content;
    try {
      content = read(key);
    } catch (ReplicaException e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
      return;
    }
    assertWhole(content);
  }

  /** Content that says itself what it is, of a size that depends on it. */
  private static byte[] whole(long version) {
    byte[] content = TestBody.bytes(version, 8 + (int) (version * 7919 % 40_000));
    ByteBuffer.wrap(content).putLong(version);
    return content;
  }

  private static void assertWhole(byte[] content) {
    assertThat(content).hasSizeGreaterThanOrEqualTo(8);
    assertThat(content).isEqualTo(whole(ByteBuffer.wrap(content).getLong()));
  }
}
