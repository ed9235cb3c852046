package dev.stream.it.nats;

import static dev.stream.it.nats.Places.BUCKET;
import static dev.stream.it.nats.Places.keys;
import static dev.stream.it.nats.Places.put;
import static dev.stream.it.nats.Places.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.Await;
import dev.stream.it.server.RunningServer;
import io.nats.client.api.StreamInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bucket of three copies, on three servers, one of which dies. */
@Timeout(180)
final class NatsClusterIT {

  private static final byte[] SMALL = Bodies.bytes(1, 3000);
  private static final byte[] LARGE = Bodies.bytes(2, 24 << 20);

  private NatsCluster cluster;
  private List<RunningServer> servers;
  private Replica replica;

  @BeforeEach
  void open() throws Exception {
    cluster = NatsCluster.ofThree();
    servers = cluster.members();
    cluster.make(BUCKET);
    replica =
        Places.asFullUser(
            servers.stream()
                .map(server -> NatsBackend.url(server.address(NatsRecipe.CLIENTS)))
                .collect(Collectors.joining(",")));
  }

  @AfterEach
  void close() throws Exception {
    if (replica != null) {
      replica.close();
    }
    cluster.close();
  }

  private RunningServer leader() throws Exception {
    StreamInfo info =
        Admin.with(
            NatsBackend.options(servers.get(1)),
            connection -> connection.jetStreamManagement().getStreamInfo("OBJ_" + BUCKET));
    String leader = info.getClusterInfo().getLeader();
    return servers.get(Integer.parseInt(leader.substring("member-".length())));
  }

  @Test
  void whatWasStoredIsListedAndReadAtOnce() throws Exception {
    List<String> stored = new ArrayList<>();
    for (int i = 10; i < 40; i++) {
      put(replica, "g/" + i, SMALL);
      stored.add("g/" + i);
      assertThat(keys(replica)).isEqualTo(stored);
      assertThat(read(replica, "g/" + i)).isEqualTo(SMALL);
    }
    put(replica, "h/large", LARGE);
    for (int offset = 0; offset < LARGE.length; offset += 2 << 20) {
      assertThat(read(replica, "h/large", offset, 2 << 20))
          .isEqualTo(Arrays.copyOfRange(LARGE, offset, offset + (2 << 20)));
    }
    replica.delete(List.of(Places.key("h/large")));
    assertThat(keys(replica)).isEqualTo(stored);
  }

  @Test
  void aLeaderThatDiesInTheMidstOfAnUploadLeavesNothingPartlyVisible() throws Exception {
    put(replica, "g/before", SMALL);
    RunningServer leader = leader();
    try {
      replica.put(
          Places.key("g/large"),
          Bodies.interruptedBy(
              LARGE,
              () -> {
                leader.kill();
                return null;
              }));
    } catch (ReplicaException e) {
      // As it may: the core tries it again.
      assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
      Await.until("another one leads", this::nothingIsPartlyVisible);
    }
    Await.until("it is stored", this::storedLarge);
    Await.until("it is there", this::bothAreThere);
  }

  /** False while nobody says. */
  private boolean nothingIsPartlyVisible() throws Exception {
    try {
      if (keys(replica).equals(List.of("g/before"))) {
        return isNotFound("g/large");
      } else {
        // Its answer was lost, not the object.
        assertThat(keys(replica)).containsExactly("g/before", "g/large");
        assertThat(read(replica, "g/large")).isEqualTo(LARGE);
      }
      return true;
    } catch (ReplicaException e) {
      assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
      return false;
    }
  }

  private boolean bothAreThere() throws Exception {
    try {
      assertThat(keys(replica)).containsExactly("g/before", "g/large");
      assertThat(read(replica, "g/large")).isEqualTo(LARGE);
      assertThat(read(replica, "g/before")).isEqualTo(SMALL);
      return true;
    } catch (ReplicaException e) {
      assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
      return false;
    }
  }

  private boolean isNotFound(String key) throws Exception {
    try {
      read(replica, key);
      throw new AssertionError(key + " is not listed, and read");
    } catch (ReplicaException e) {
      assertThat(e.reason()).isIn(Reason.NOT_FOUND, Reason.UNAVAILABLE);
      return e.reason() == Reason.NOT_FOUND;
    }
  }

  private boolean storedLarge() throws Exception {
    try {
      put(replica, "g/large", LARGE);
      return true;
    } catch (ReplicaException e) {
      assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
      return false;
    }
  }
}
