package dev.stream.it.nats;

import static dev.stream.it.nats.Places.BUCKET;
import static dev.stream.it.nats.Places.asFullUser;
import static dev.stream.it.nats.Places.assertRefused;
import static dev.stream.it.nats.Places.keys;
import static dev.stream.it.nats.Places.put;
import static dev.stream.it.nats.Places.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.ObjectStore;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectMeta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other clients of NATS's object store read what a replica stores, and the other way round. */
@Timeout(120)
final class NatsInteroperabilityIT {

  private static final byte[] LARGE = Bodies.bytes(1, (3 << 20) + 17);
  private static final byte[] SMALL = Bodies.bytes(2, 100);

  private RunningServer server;
  private Connection connection;
  private ObjectStore store;
  private Replica replica;

  @BeforeEach
  void open() throws Exception {
    server = Servers.start(NatsRecipe.users());
    connection = Nats.connect(NatsBackend.options(server).build());
    connection.objectStoreManagement().create(NatsBackend.bucket(BUCKET).build());
    store = connection.objectStore(BUCKET);
    replica = asFullUser(NatsBackend.url(server.address(NatsRecipe.CLIENTS)));
  }

  @AfterEach
  void close() throws Exception {
    replica.close();
    Admin.close(connection);
    server.close();
  }

  @Test
  void theLibraryReadsWhatAReplicaStores() throws Exception {
    put(replica, "g/large", LARGE);
    put(replica, "g/small", SMALL);
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    // It compares with the digest.
    assertThat(store.get("g/large", found).getSize()).isEqualTo(LARGE.length);
    assertThat(found.toByteArray()).isEqualTo(LARGE);
    found.reset();
    store.get("g/small", found);
    assertThat(found.toByteArray()).isEqualTo(SMALL);
    assertThat(store.getList())
        .extracting(ObjectInfo::getObjectName)
        .containsExactlyInAnyOrder("g/large", "g/small");
  }

  @Test
  void theLibrarySeesWhatAReplicaDeletesAsNeverThere() throws Exception {
    put(replica, "g/a", SMALL);
    replica.delete(List.of(Places.key("g/a")));
    assertThat(store.getInfo("g/a", true)).isNull();
    assertThat(store.getList()).isEmpty();
  }

  @Test
  void aReplicaReadsRangesOfWhatTheLibraryStores() throws Exception {
    store.put(
        ObjectMeta.builder("g/large").chunkSize(100_000).build(), new ByteArrayInputStream(LARGE));
    store.put("g/small", SMALL);
    store.put("g/empty", new byte[0]);
    assertThat(keys(replica)).containsExactly("g/empty", "g/large", "g/small");
    assertThat(read(replica, "g/large")).isEqualTo(LARGE);
    assertThat(read(replica, "g/small")).isEqualTo(SMALL);
    assertThat(read(replica, "g/empty")).isEmpty();
    for (int offset : new int[] {0, 1, 99_999, 100_000, 1_234_567, LARGE.length - 1}) {
      int length = Math.min(150_000, LARGE.length - offset);
      assertThat(read(replica, "g/large", offset, 150_000))
          .isEqualTo(Arrays.copyOfRange(LARGE, offset, offset + length));
    }
  }

  @Test
  void theMarksOfWhatTheLibraryDeletesAreNoObjects() throws Exception {
    store.put("g/a", SMALL);
    store.delete("g/a");
    assertThat(keys(replica)).isEmpty();
    assertRefused(Reason.NOT_FOUND, () -> read(replica, "g/a"));
    put(replica, "g/a", LARGE);
    assertThat(read(replica, "g/a")).isEqualTo(LARGE);
    assertThat(keys(replica)).containsExactly("g/a");
  }

  @Test
  void eachReplacesWhatTheOtherStored() throws Exception {
    store.put("g/a", SMALL);
    put(replica, "g/a", LARGE);
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    store.get("g/a", found);
    assertThat(found.toByteArray()).isEqualTo(LARGE);
    store.put("g/a", SMALL);
    assertThat(read(replica, "g/a")).isEqualTo(SMALL);
  }

  @Test
  void bytesThatSomebodyRemovedAreMissedNotSkipped() throws Exception {
    put(replica, "g/a", LARGE);
    long first =
        connection
            .jetStreamManagement()
            .getStreamInfo("OBJ_" + BUCKET)
            .getStreamState()
            .getFirstSequence();
    connection.jetStreamManagement().deleteMessage("OBJ_" + BUCKET, first + 3);
    assertRefused(Reason.CONFLICT, () -> read(replica, "g/a"));
    assertRefused(Reason.CONFLICT, () -> read(replica, "g/a", 3 << 18, 10));
    assertThat(read(replica, "g/a", 0, 1000)).isEqualTo(Arrays.copyOf(LARGE, 1000));
  }
}
