package dev.stream.it.nats;

import static dev.stream.it.nats.Places.BUCKET;
import static dev.stream.it.nats.Places.asFullUser;
import static dev.stream.it.nats.Places.assertRefused;
import static dev.stream.it.nats.Places.keys;
import static dev.stream.it.nats.Places.put;
import static dev.stream.it.nats.Places.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerMissingException;
import dev.stream.it.server.Servers;
import io.nats.client.api.ObjectStoreConfiguration;
import io.nats.client.api.StorageType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong with a server or a bucket, and what is said about it. */
@Timeout(120)
final class NatsFaultsIT {

  private static final byte[] SMALL = Bodies.bytes(1, 1000);

  private static String url(RunningServer server) {
    return NatsBackend.url(server.address(NatsRecipe.CLIENTS));
  }

  private static RunningServer start() throws Exception {
    RunningServer server = Servers.start(NatsRecipe.users());
    make(server, NatsBackend.bucket(BUCKET));
    return server;
  }

  private static void make(RunningServer server, ObjectStoreConfiguration.Builder bucket)
      throws Exception {
    Admin.make(NatsBackend.options(server), bucket);
  }

  private static long messages(RunningServer server) throws Exception {
    return Admin.with(
        NatsBackend.options(server),
        connection ->
            connection
                .jetStreamManagement()
                .getStreamInfo("OBJ_" + BUCKET)
                .getStreamState()
                .getMsgCount());
  }

  @Test
  void aWrongPasswordIsDenied() throws Exception {
    try (RunningServer server = start();
        Replica replica = Places.asUser(url(server), NatsRecipe.USER, "pw-that-is-wrong")) {
      ReplicaException failure =
          assertRefused(Reason.ACCESS_DENIED, () -> put(replica, "g/a", SMALL));
      assertThat(failure)
          .hasMessageContaining("g/a")
          .hasMessageContaining("credentials")
          .message()
          .doesNotContain("pw-that-is-wrong");
    }
  }

  @Test
  void aMissingBucketIsRejectedWithTheCommandThatMakesIt() throws Exception {
    try (RunningServer server = Servers.start(NatsRecipe.users());
        Replica replica = asFullUser(url(server))) {
      String command = "nats object add backups --server " + url(server);
      assertThat(assertRefused(Reason.REJECTED, () -> put(replica, "g/a", SMALL)))
          .hasMessageContaining(command);
      assertThat(assertRefused(Reason.REJECTED, () -> keys(replica))).hasMessageContaining(command);
      assertRefused(Reason.REJECTED, () -> read(replica, "g/a"));
      make(server, NatsBackend.bucket(BUCKET));
      put(replica, "g/a", SMALL);
      assertThat(read(replica, "g/a")).isEqualTo(SMALL);
    }
  }

  @Test
  void aReaderReadsAndIsDeniedTheRestAtOnce() throws Exception {
    try (RunningServer server = start();
        Replica writer = asFullUser(url(server));
        Replica reader =
            Places.asUser(url(server), NatsRecipe.READER, NatsRecipe.READER_PASSWORD)) {
      put(writer, "g/a", SMALL);
      assertThat(keys(reader)).containsExactly("g/a");
      assertThat(read(reader, "g/a", 10, 20)).hasSize(20);
      long begin = System.nanoTime();
      assertThat(assertRefused(Reason.ACCESS_DENIED, () -> put(reader, "g/b", SMALL)))
          .hasMessageContaining("publish to $O.backups.C.");
      assertThat(
              assertRefused(Reason.ACCESS_DENIED, () -> reader.delete(List.of(Places.key("g/a")))))
          .hasMessageContaining("$JS.API.STREAM.PURGE.OBJ_backups");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      assertThat(keys(reader)).containsExactly("g/a");
    }
  }

  @Test
  void aFullBucketIsReportedAndGoesOnWhenThereIsRoom() throws Exception {
    try (RunningServer server = Servers.start(NatsRecipe.users());
        Replica replica = asFullUser(url(server))) {
      make(server, NatsBackend.bucket(BUCKET).maxBucketSize(3 << 20));
      put(replica, "g/a", Bodies.bytes(1, 2 << 20));
      assertThat(
              assertRefused(
                  Reason.UNAVAILABLE, () -> put(replica, "g/b", Bodies.bytes(2, 2 << 20))))
          .hasMessageContaining("max_bytes");
      assertThat(keys(replica)).containsExactly("g/a");
      replica.delete(List.of(Places.key("g/a")));
      put(replica, "g/b", Bodies.bytes(2, 2 << 20));
      assertThat(read(replica, "g/b")).isEqualTo(Bodies.bytes(2, 2 << 20));
    }
  }

  @Test
  void aFullDiskIsUnavailable() throws Exception {
    RunningServer started;
    try {
      started = Servers.start(NatsRecipe.users().limitedTo(24 << 20));
    } catch (ServerMissingException e) {
      abort(e.getMessage());
      return;
    }
    try (RunningServer server = started;
        Replica replica = asFullUser(url(server))) {
      make(server, NatsBackend.bucket(BUCKET));
      put(replica, "g/a", SMALL);
      assertRefused(Reason.UNAVAILABLE, () -> put(replica, "g/b", Bodies.bytes(2, 40 << 20)));
    }
  }

  @Test
  void bucketsThatLoseObjectsAreRefused() throws Exception {
    try (RunningServer server = Servers.start(NatsRecipe.users())) {
      make(server, NatsBackend.bucket(BUCKET).ttl(Duration.ofHours(1)));
      try (Replica replica = asFullUser(url(server))) {
        assertThat(assertRefused(Reason.REJECTED, () -> put(replica, "g/a", SMALL)))
            .hasMessageContaining("expire");
      }
    }
    try (RunningServer server = Servers.start(NatsRecipe.users())) {
      make(server, ObjectStoreConfiguration.builder(BUCKET).storageType(StorageType.Memory));
      try (Replica replica = asFullUser(url(server))) {
        assertThat(assertRefused(Reason.REJECTED, () -> put(replica, "g/a", SMALL)))
            .hasMessageContaining("memory");
      }
    }
  }

  @Test
  void aServerWithoutJetStreamIsRejected() throws Exception {
    try (RunningServer server = Servers.start(NatsRecipe.users().withoutJetStream());
        Replica replica = asFullUser(url(server))) {
      assertThat(assertRefused(Reason.REJECTED, () -> put(replica, "g/a", SMALL)))
          .hasMessageContaining("JetStream");
    }
  }

  @Test
  void anUnreachableServerIsUnavailableAndTheSecondOneIsUsed() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    String dead = "nats://127.0.0.1:" + nobody;
    try (Replica replica = asFullUser(dead)) {
      assertThat(assertRefused(Reason.UNAVAILABLE, () -> put(replica, "g/a", SMALL)))
          .hasMessageContaining(dead);
    }
    try (RunningServer server = start();
        Replica replica = asFullUser(dead + "," + url(server))) {
      put(replica, "g/a", SMALL);
      assertThat(keys(replica)).containsExactly("g/a");
    }
  }

  @Test
  void aKilledServerShowsNothingOfAnUploadAndGoesOn() throws Exception {
    byte[] large = Bodies.bytes(3, 24 << 20);
    try (RunningServer server = start();
        Replica replica = asFullUser(url(server))) {
      assertRefused(
          Reason.UNAVAILABLE,
          () ->
              replica.put(
                  Places.key("g/a"),
                  Bodies.interruptedBy(
                      large,
                      () -> {
                        server.kill();
                        return null;
                      })));
      server.start();
      assertThat(keys(replica)).isEmpty();
      assertRefused(Reason.NOT_FOUND, () -> read(replica, "g/a"));
      put(replica, "g/a", large);
      assertThat(read(replica, "g/a")).isEqualTo(large);
    }
  }

  @Test
  void aSilentServerIsUnavailableInTime() throws Exception {
    try (RunningServer server = start();
        Replica replica = asFullUser(url(server))) {
      put(replica, "g/a", SMALL);
      server.pause();
      long begin = System.nanoTime();
      assertRefused(Reason.UNAVAILABLE, () -> read(replica, "g/a"));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
      server.resume();
      assertThat(read(replica, "g/a")).isEqualTo(SMALL);
    }
  }

  @Test
  void nothingStaysBehind() throws Exception {
    try (RunningServer server = start();
        Replica replica = asFullUser(url(server))) {
      put(replica, "g/a", Bodies.bytes(1, 2 << 20));
      put(replica, "g/a", SMALL);
      assertThat(messages(server)).as("one chunk and what makes it visible").isEqualTo(2);
      assertThat(
              catchThrowable(
                  () ->
                      replica.put(
                          Places.key("g/b"),
                          Bodies.interruptedBy(
                              Bodies.bytes(2, 4 << 20),
                              () -> {
                                throw new IOException("torn");
                              }))))
          .hasMessageContaining("torn");
      assertThat(messages(server)).as("after a body that failed").isEqualTo(2);
      replica.delete(List.of(Places.key("g/a")));
      assertThat(messages(server)).as("after all is deleted").isZero();
    }
  }
}
