package dev.stream.replica.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.it.nats.NatsBackend;
import dev.stream.it.server.TcpProxy;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamInfoOptions;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What killed uploads left behind goes once it is old enough. In this package for the age. */
@Timeout(120)
final class StaleChunksIT {

  private static final String BUCKET = "stale";
  private static final String STREAM = "OBJ_" + BUCKET;
  private static final Duration A_DAY = Duration.ofDays(1);

  private NatsBackend backend;
  private Connection connection;
  private JetStreamManagement streams;

  @BeforeEach
  void open() throws Exception {
    backend = NatsBackend.start();
    Map<String, Object> config = backend.config(BUCKET);
    connection =
        Nats.connect(
            Options.builder()
                .server((String) config.get("url"))
                .userInfo((String) config.get("user"), (String) config.get("password"))
                .build());
    streams = connection.jetStreamManagement();
  }

  @AfterEach
  void close() throws Exception {
    try {
      connection.close();
    } finally {
      backend.close();
    }
  }

  private Replica replica(InetSocketAddress via, Duration over) throws Exception {
    Map<String, Object> config = backend.config(BUCKET, via);
    return new NatsReplica(
        new NatsReplicaConfig(
            (String) config.get("url"),
            BUCKET,
            null,
            null,
            null,
            null,
            null,
            (String) config.get("user"),
            (String) config.get("password"),
            null,
            null,
            null,
            Duration.ofSeconds(1)),
        over);
  }

  private static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void put(Replica replica, String key, byte[] content) throws Exception {
    replica.put(new ObjectKey(key), ObjectBody.of(content));
  }

  private Set<String> uploads() throws Exception {
    return new TreeSet<>(
        streams
            .getStreamInfo(STREAM, StreamInfoOptions.filterSubjects("$O." + BUCKET + ".C.>"))
            .getStreamState()
            .getSubjectMap()
            .keySet());
  }

  private Instant lastOf(String upload) throws Exception {
    return streams.getLastMessage(STREAM, upload).getTime().toInstant();
  }

  /** An upload whose client is gone half-way; the subject of its bytes. */
  private String killedUpload() throws Exception {
    Set<String> before = uploads();
    try (TcpProxy proxy = TcpProxy.to(backend.address());
        Replica dying = replica(proxy.address(), A_DAY)) {
      proxy.cutAfter(3 << 20);
      assertThat(catchThrowable(() -> put(dying, "g/killed", bytes(1, 6 << 20)))).isNotNull();
    }
    Set<String> added = uploads();
    added.removeAll(before);
    assertThat(added).as("left behind").hasSize(1);
    return added.iterator().next();
  }

  @Test
  void onlyUploadsOfThatAgeAreRemoved() throws Exception {
    byte[] kept = bytes(2, 1 << 20);
    try (Replica replica = replica(backend.address(), A_DAY)) {
      put(replica, "g/kept", kept);
    }
    Set<String> living = uploads();
    String older = killedUpload();
    String younger = killedUpload();
    try (Replica replica = replica(backend.address(), A_DAY)) {
      put(replica, "g/last", kept);
    }
    assertThat(uploads()).as("younger than a day").contains(older, younger).containsAll(living);

    Instant newest = streams.getStreamInfo(STREAM).getStreamState().getLastTime().toInstant();
    Duration age = Duration.between(lastOf(older), newest);
    try (Replica replica = replica(backend.address(), age)) {
      put(replica, "g/other", kept);
    }
    assertThat(uploads()).as("not older than that").contains(older, younger);

    newest = streams.getStreamInfo(STREAM).getStreamState().getLastTime().toInstant();
    age = Duration.between(lastOf(older), newest).minusNanos(1);
    try (Replica replica = replica(backend.address(), age)) {
      put(replica, "g/another", kept);
      assertThat(uploads()).contains(younger).containsAll(living).doesNotContain(older);
      try (InputStream in = replica.open(new ObjectKey("g/kept"), 0, Long.MAX_VALUE)) {
        assertThat(in.readAllBytes()).isEqualTo(kept);
      }
    }
  }
}
