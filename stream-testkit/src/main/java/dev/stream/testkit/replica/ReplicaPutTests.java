package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** An object becomes visible whole, or not at all. */
abstract class ReplicaPutTests extends ReplicaContractSupport {

  private static final byte[] OLD = TestBody.bytes(1, 30_000);
  private static final byte[] NEW = TestBody.bytes(2, 50_000);

  @Test
  void aStoredObjectReadsBackAndIsListedAsPutReported() throws Exception {
    ObjectInfo reported = put("g/snapshots/0000000000000001", NEW);
    assertThat(reported.key().value()).isEqualTo("g/snapshots/0000000000000001");
    assertThat(reported.size()).isEqualTo(NEW.length);
    assertThat(read("g/snapshots/0000000000000001")).isEqualTo(NEW);
    assertListed("g/", List.of(reported));
  }

  @Test
  void anEmptyObjectIsAnObject() throws Exception {
    put("g/empty", new byte[0]);
    assertThat(infos(replica, "")).extracting(ObjectInfo::size).containsExactly(0L);
    assertThat(read("g/empty")).isEmpty();
  }

  @Test
  void aLargeObjectIsStreamedBothWays() throws Exception {
    long size = largeObjectSize();
    TestBody body = TestBody.generated(7, size);
    assertThat(replica.put(key("g/large"), body).size()).isEqualTo(size);
    assertThat(body.stillOpen()).isZero();
    try (InputStream expected = new TestBody.GeneratedStream(7, size);
        InputStream found = replica.open(key("g/large"), 0, size)) {
      long compared = 0;
      while (compared < size) {
        byte[] chunk = found.readNBytes(1 << 16);
        assertThat(chunk).as("bytes from " + compared).isNotEmpty();
        byte[] wanted = expected.readNBytes(chunk.length);
        if (!Arrays.equals(chunk, wanted)) {
          throw new AssertionError("the large object differs after byte " + compared);
        }
        compared += chunk.length;
      }
      assertThat(found.read()).isEqualTo(-1);
    }
  }

  @Test
  void aSecondPutReplacesTheFirst() throws Exception {
    put("g/a", OLD);
    put("g/a", NEW);
    assertThat(read("g/a")).isEqualTo(NEW);
    put("g/a", OLD);
    assertThat(read("g/a")).isEqualTo(OLD);
    assertThat(infos(replica, "")).extracting(ObjectInfo::size).containsExactly((long) OLD.length);
  }

  @Test
  void aBodyMayBePutAgainAndItsStreamsAreClosed() throws Exception {
    TestBody body = TestBody.of(NEW);
    replica.put(key("g/a"), body);
    replica.put(key("g/b"), body);
    assertThat(read("g/a")).isEqualTo(NEW);
    assertThat(read("g/b")).isEqualTo(NEW);
    assertThat(body.opened()).isGreaterThanOrEqualTo(2);
    assertThat(body.stillOpen()).isZero();
  }

  @Test
  void anObjectUnderWayIsInvisible() throws Exception {
    Stall stall = new Stall();
    inBackground(
        () -> replica.put(key("g/a"), TestBody.torn(NEW, NEW.length / 2, stall::hold)),
        stall,
        () -> {
          Replica other = openAnother();
          assertAbsent(replica, "g/a");
          assertAbsent(other, "g/a");
          assertThat(keys("")).isEmpty();
        });
    assertThat(read("g/a")).isEqualTo(NEW);
  }

  @Test
  void anObjectUnderReplacementIsTheFormerOne() throws Exception {
    put("g/a", OLD);
    Stall stall = new Stall();
    inBackground(
        () -> replica.put(key("g/a"), TestBody.torn(NEW, NEW.length - 1, stall::hold)),
        stall,
        () -> {
          assertThat(read("g/a")).isEqualTo(OLD);
          assertThat(infos(replica, "")).extracting(ObjectInfo::size).containsExactly(30_000L);
        });
    assertThat(read("g/a")).isEqualTo(NEW);
  }

  @Test
  void aReaderNeverMixesAnObjectWithItsSuccessor() throws Exception {
    put("g/a", OLD);
    try (InputStream in = replica.open(key("g/a"), 0, Long.MAX_VALUE)) {
      byte[] head = in.readNBytes(10);
      put("g/a", NEW);
      byte[][] tail = new byte[1][];
      Throwable failure = catchThrowable(() -> tail[0] = in.readAllBytes());
      if (failure == null) {
        byte[] whole = Arrays.copyOf(head, head.length + tail[0].length);
        System.arraycopy(tail[0], 0, whole, head.length, tail[0].length);
        assertThat(whole).isEqualTo(OLD);
      } else {
        assertThat(failure).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aBodyThatFailsLeavesNothing() throws Exception {
    for (int after : new int[] {0, 1, NEW.length / 2, NEW.length}) {
      assertRefused(TestBody.torn(NEW, after, ReplicaPutTests::fail));
    }
  }

  @Test
  void aBodyThatCannotBeOpenedLeavesNothing() throws Exception {
    assertRefused(
        new TestBody(
            10,
            () -> {
              throw new IOException("told to fail");
            }));
  }

  @Test
  void aBodyThatFailsUncheckedLeavesNothing() throws Exception {
    TestBody body =
        TestBody.torn(
            NEW,
            NEW.length / 2,
            () -> {
              throw new IllegalStateException("told to fail");
            });
    put("g/a", OLD);
    assertPutFails(replica, "g/a", body);
    assertPutFails(replica, "g/b", body);
    assertThat(read("g/a")).isEqualTo(OLD);
    assertAbsent(replica, "g/b");
  }

  @Test
  void aBodyShorterThanAnnouncedLeavesNothing() throws Exception {
    assertRefused(TestBody.announcing(NEW.length + 1, NEW));
    assertRefused(TestBody.announcing(1, new byte[0]));
  }

  @Test
  void aBodyLongerThanAnnouncedLeavesNothing() throws Exception {
    assertRefused(TestBody.announcing(NEW.length - 1, NEW));
    assertRefused(TestBody.announcing(0, new byte[1]));
  }

  @Test
  void aPutSucceedsAfterOneThatFailed() throws Exception {
    assertPutFails(replica, "g/a", TestBody.torn(NEW, NEW.length / 2, ReplicaPutTests::fail));
    put("g/a", NEW);
    assertThat(read("g/a")).isEqualTo(NEW);
    assertThat(keys("")).containsExactly("g/a");
  }

  /** The body cannot be put, under a new key or under one that exists. */
  private void assertRefused(TestBody body) throws Exception {
    put("g/earlier", OLD);
    assertThat(assertPutFails(replica, "g/earlier", body)).isInstanceOf(IOException.class);
    Throwable failure = assertPutFails(replica, "g/new", body);
    assertThat(failure).isInstanceOf(IOException.class);
    if (failure instanceof ReplicaException) {
      assertThat(failure).hasMessageContaining("g/new");
    }
    assertThat(read("g/earlier")).isEqualTo(OLD);
    assertAbsent(replica, "g/new");
    assertThat(infos(replica, ""))
        .as("objects after a failed put")
        .extracting(ObjectInfo::size)
        .containsExactly((long) OLD.length);
  }

  private static void fail() throws IOException {
    throw new IOException("told to fail");
  }

  /** An action that may throw. */
  private interface Action {
    void run() throws Exception;
  }

  private static void inBackground(Action put, Stall stall, Action meanwhile) throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<?> done =
          executor.submit(
              () -> {
                put.run();
                return null;
              });
      stall.awaitReached(Duration.ofSeconds(PATIENCE_SECONDS));
      meanwhile.run();
      stall.release();
      await(done);
    } finally {
      stall.release();
      executor.shutdown();
    }
  }
}
