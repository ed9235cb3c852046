package dev.stream.it.nats;

import static dev.stream.it.nats.Places.BUCKET;
import static dev.stream.it.nats.Places.assertRefused;
import static dev.stream.it.nats.Places.key;
import static dev.stream.it.nats.Places.keys;
import static dev.stream.it.nats.Places.put;
import static dev.stream.it.nats.Places.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.Await;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bucket in the JetStream domain of a hub, reached through a leaf node with one of its own. */
@Timeout(60)
final class NatsDomainIT {

  private static RunningServer hub;
  private static RunningServer leaf;
  private static String url;

  @BeforeAll
  static void start() throws Exception {
    hub = Servers.startProcess(new DomainServer("hub", Optional.empty()));
    leaf =
        Servers.startProcess(
            new DomainServer("leaf", Optional.of(hub.address(DomainServer.LEAFS))));
    url = NatsBackend.url(leaf.address(NatsRecipe.CLIENTS));
    Admin.make(NatsBackend.options(hub), NatsBackend.bucket(BUCKET));
    Await.until("the leaf node has reached the hub", NatsDomainIT::reachesHub);
  }

  private static boolean reachesHub() throws Exception {
    try (Replica replica = Places.inDomain(url, "hub")) {
      return keys(replica).isEmpty();
    } catch (ReplicaException e) {
      return false;
    }
  }

  @AfterAll
  static void stop() throws Exception {
    leaf.close();
    hub.close();
  }

  @Test
  void aReplicaInAnotherDomainStoresReadsListsReplacesAndDeletes() throws Exception {
    byte[] large = Bodies.bytes(7, 3_000_000);
    try (Replica replica = Places.inDomain(url, "hub")) {
      put(replica, "g/a", large);
      put(replica, "g/b", Bodies.bytes(1, 10));
      assertThat(read(replica, "g/a")).isEqualTo(large);
      assertThat(keys(replica)).containsExactly("g/a", "g/b");
      put(replica, "g/a", Bodies.bytes(2, 20));
      assertThat(read(replica, "g/a")).isEqualTo(Bodies.bytes(2, 20));
      assertRefused(Reason.CONFLICT, () -> replica.create(key("g/a"), Bodies.of(large)));
      replica.delete(List.of(key("g/a"), key("g/b")));
      assertThat(keys(replica)).isEmpty();
    }
  }

  @Test
  void withoutTheDomainTheBucketIsNotFoundAndTheMessageNamesTheKey() throws Exception {
    try (Replica replica = Places.asFullUser(url)) {
      assertThat(assertRefused(Reason.REJECTED, () -> read(replica, "g/a")))
          .hasMessageContaining("name that as domain");
    }
  }

  @Test
  void anUnknownDomainIsNamed() throws Exception {
    try (Replica replica = Places.inDomain(url, "elsewhere")) {
      assertThat(assertRefused(Reason.UNAVAILABLE, () -> read(replica, "g/a")))
          .hasMessageContaining("of the domain elsewhere")
          .hasMessageContaining("is its name right");
    }
  }
}
