package dev.stream.it.nats;

import static dev.stream.it.nats.Places.keys;
import static dev.stream.it.nats.Places.put;
import static dev.stream.it.nats.Places.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.Replica;
import dev.stream.it.Stores;
import dev.stream.it.backend.Requests;
import dev.stream.it.server.TcpProxy;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often a replica asks its server, and how often it waits for it. */
@Timeout(120)
final class NatsRequestsIT {

  /** Long beside all that is done meanwhile. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(300);

  private static final byte[] SMALL = Bodies.bytes(1, 3000);

  private static NatsBackend backend;

  @BeforeAll
  static void startServer() throws Exception {
    backend = NatsBackend.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    backend.close();
  }

  @Test
  void eachObjectIsOnePutAndEachListingOneList() throws Exception {
    try (Replica replica = Stores.open("nats", backend.config("counted"))) {
      put(replica, "g/first", SMALL);
      Requests before = backend.requests();
      for (int i = 0; i < 20; i++) {
        put(replica, "g/" + i, SMALL);
      }
      put(replica, "g/large", Bodies.bytes(2, 5 << 20));
      Requests afterPuts = backend.requests();
      assertThat(afterPuts).isEqualTo(new Requests(before.puts() + 21, before.lists()));
      assertThat(keys(replica)).hasSize(22);
      read(replica, "g/large");
      assertThat(backend.requests())
          .isEqualTo(new Requests(afterPuts.puts(), afterPuts.lists() + 1));
    }
  }

  @Test
  void aNewObjectTakesTwoRoundTripsAndAReplacedOneFive() throws Exception {
    try (TcpProxy far = TcpProxy.to(backend.address());
        Replica replica = Stores.open("nats", backend.config("far", far.address()))) {
      put(replica, "g/first", SMALL);
      far.latency(ROUND_TRIP);
      int[] made = {0};
      assertThat(
              roundTrips(
                  () -> {
                    put(replica, "g/" + made[0]++, SMALL);
                    return null;
                  }))
          .as("its bytes, and the message that makes it visible")
          .isEqualTo(2);
      assertThat(
              roundTrips(
                  () -> {
                    put(replica, "g/first", SMALL);
                    return null;
                  }))
          .as("its bytes, the refusal, a look at the former one, the message, the former's bytes")
          .isEqualTo(5);
      read(replica, "g/first");
      assertThat(roundTrips(() -> read(replica, "g/first")))
          .as("where it is and its bytes, since it was read before")
          .isEqualTo(1);
    }
  }

  /** At the least of some times: a busy machine makes it more now and then. */
  private static long roundTrips(Callable<?> work) throws Exception {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long begin = System.nanoTime();
      work.call();
      least = Math.min(least, System.nanoTime() - begin);
    }
    return least / ROUND_TRIP.toNanos();
  }
}
