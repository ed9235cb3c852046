package org.example.stream.webdav;

import dev.stream.api.replica.Replica;
import dev.stream.testkit.replica.Outage;
import dev.stream.testkit.replica.ReplicaContract;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Everything that Stream asks of a replica. */
final class WebdavContractTest extends ReplicaContract {

  private static ApacheServer server;

  /** JUnit makes an instance for each test, and with it a collection that does not exist yet. */
  private final String collection = UUID.randomUUID().toString();

  @BeforeAll
  static void start() throws Exception {
    server = ApacheServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  protected Replica open() {
    return new WebdavReplicaProvider().open(server.config(collection));
  }

  @Override
  protected List<String> secrets() {
    return List.of(ApacheServer.PASSWORD);
  }

  @Override
  protected Optional<Outage> outage() {
    return Optional.of(
        new Outage() {
          @Override
          public void begin() throws Exception {
            server.end();
          }

          @Override
          public void end() throws Exception {
            server.begin();
          }
        });
  }
}
