package dev.stream.it.s3;

import static dev.stream.it.s3.S3FaultsIT.failure;
import static dev.stream.it.s3.S3FaultsIT.keys;
import static dev.stream.it.s3.S3FaultsIT.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.s3.S3FaultsIT.Attempt;
import dev.stream.it.server.TcpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Silence, and connections that break. */
class S3NetworkIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Several requests may each wait for so long, on a machine that has other things to do. */
  private static final Duration AT_MOST = TIMEOUT.multipliedBy(10);

  private static final ObjectKey KEY = new ObjectKey("g/a");
  private static final ObjectKey OTHER = new ObjectKey("g/b");
  private static final byte[] CONTENT = Body.bytes(31 << 20);
  private static final int HAD = 5_000_000;

  private static S3Backend backend;

  private final String place = UUID.randomUUID().toString();

  @BeforeAll
  static void start() throws Exception {
    backend = S3Backend.start();
  }

  @AfterAll
  static void stop() throws Exception {
    backend.close();
  }

  @Test
  void aSilentServerIsUnavailableWithinTheTimeoutAndWorksAfterwards() throws Exception {
    try (Replica replica = S3Backend.open(backend.address(), place, TIMEOUT)) {
      replica.put(KEY, Body.of(CONTENT));
      try (InputStream begun = replica.open(KEY, 0, CONTENT.length)) {
        assertThat(begun.readNBytes(HAD)).isEqualTo(Arrays.copyOf(CONTENT, HAD));
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        attempts.put("go on reading", begun::readAllBytes);
        attempts.put("read", () -> read(replica, KEY, 0));
        attempts.put("put", () -> replica.put(OTHER, Body.of(Body.bytes(100))));
        attempts.put("put in parts", () -> replica.put(OTHER, Body.of(CONTENT)));
        attempts.put("list", () -> keys(replica));
        attempts.put("delete one", () -> replica.delete(List.of(OTHER)));
        attempts.put("delete two", () -> replica.delete(List.of(OTHER, new ObjectKey("g/c"))));
        backend.server().pause();
        try {
          attempts.forEach(S3NetworkIT::isUnavailableInTime);
        } finally {
          backend.server().resume();
        }
      }
      worksAgain(replica);
    }
  }

  @Test
  void aServerThatFallsSilentInTheMidstOfAnUploadIsUnavailableWithinTheTimeout() throws Exception {
    AtomicBoolean paused = new AtomicBoolean();
    try (Replica replica = S3Backend.open(backend.address(), place, TIMEOUT)) {
      replica.put(KEY, Body.of(CONTENT));
      try {
        isUnavailableInTime(
            "put in parts",
            () ->
                replica.put(
                    OTHER,
                    Body.body(
                        CONTENT,
                        12 << 20,
                        () -> {
                          if (paused.compareAndSet(false, true)) {
                            pause();
                          }
                        })));
      } finally {
        backend.server().resume();
      }
      assertThat(keys(replica)).containsExactly("g/a");
      worksAgain(replica);
    }
  }

  private static void pause() throws IOException {
    try {
      backend.server().pause();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void isUnavailableInTime(String what, Attempt attempt) {
    long begin = System.nanoTime();
    ReplicaException failure = failure(attempt);
    assertThat(failure.reason()).as(what).isEqualTo(Reason.UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(what).isLessThan(AT_MOST);
  }

  private static void worksAgain(Replica replica) throws IOException {
    replica.put(OTHER, Body.of(CONTENT));
    assertThat(keys(replica)).containsExactly("g/a", "g/b");
    assertThat(read(replica, OTHER, 0)).isEqualTo(CONTENT);
    replica.delete(List.of(KEY));
    assertThat(keys(replica)).containsExactly("g/b");
  }

  @Test
  void aReadOverAConnectionThatBreaksGoesOnWhereItStopped() throws Exception {
    try (TcpProxy network = TcpProxy.to(backend.address());
        Replica replica = S3Backend.open(network.address(), place, Duration.ofSeconds(20))) {
      replica.put(KEY, Body.of(CONTENT));
      try (InputStream in = replica.open(KEY, 0, CONTENT.length)) {
        assertThat(in.readNBytes(HAD)).isEqualTo(Arrays.copyOf(CONTENT, HAD));
        network.cut();
        ReplicaException failure = failure(in::readAllBytes);
        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("read g/a");
      }
      assertThat(failure(() -> read(replica, KEY, HAD)).reason()).isEqualTo(Reason.UNAVAILABLE);
      network.mend();
      assertThat(read(replica, KEY, HAD))
          .isEqualTo(Arrays.copyOfRange(CONTENT, HAD, CONTENT.length));
    }
  }

  @Test
  void anUploadOverAConnectionThatBreaksShowsNothing() throws Exception {
    try (TcpProxy network = TcpProxy.to(backend.address());
        Replica replica = S3Backend.open(network.address(), place, Duration.ofSeconds(20))) {
      for (byte[] content : List.of(CONTENT, Arrays.copyOf(CONTENT, 3 << 20))) {
        network.cutAfter(content.length / 2);
        assertThat(failure(() -> replica.put(KEY, Body.of(content))).reason())
            .isEqualTo(Reason.UNAVAILABLE);
        network.mend();
        assertThat(keys(replica)).isEmpty();
      }
      replica.put(KEY, Body.of(CONTENT));
      assertThat(read(replica, KEY, 0)).isEqualTo(CONTENT);
    }
  }
}
