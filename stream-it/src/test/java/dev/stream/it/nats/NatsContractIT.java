package dev.stream.it.nats;

import dev.stream.api.replica.Replica;
import dev.stream.it.server.Killing;
import dev.stream.replica.nats.NatsReplicaConfig;
import dev.stream.testkit.replica.Outage;
import dev.stream.testkit.replica.ReplicaContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class NatsContractIT extends ReplicaContract {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final AtomicInteger PLACES = new AtomicInteger();

  private static NatsBackend backend;

  private final String place = "contract-" + PLACES.incrementAndGet();

  @BeforeAll
  static void startServer() throws Exception {
    backend = NatsBackend.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    backend.close();
  }

  @Override
  protected Replica open() throws Exception {
    Map<String, Object> config = backend.config(place);
    return Places.open(
        new NatsReplicaConfig(
            (String) config.get("url"),
            (String) config.get("bucket"),
            null,
            (String) config.get("prefix"),
            null,
            null,
            null,
            (String) config.get("user"),
            (String) config.get("password"),
            null,
            null,
            null,
            TIMEOUT));
  }

  /** It is that of the newest message as of its becoming visible, its bytes' at the least. */
  @Override
  protected Duration modifiedAtTolerance() {
    return TIMEOUT;
  }

  @Override
  protected Optional<Outage> outage() {
    return Optional.of(new Killing(backend.server()));
  }

  @Override
  protected List<String> secrets() {
    return backend.secrets();
  }

  @Override
  protected boolean mustCreateExclusively() {
    return true;
  }
}
