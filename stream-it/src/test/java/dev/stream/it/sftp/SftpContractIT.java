package dev.stream.it.sftp;

import dev.stream.api.replica.Replica;
import dev.stream.it.server.Killing;
import dev.stream.testkit.replica.Outage;
import dev.stream.testkit.replica.ReplicaContract;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class SftpContractIT extends ReplicaContract {

  private static final AtomicInteger PLACES = new AtomicInteger();

  private static SshdServer sshd;

  private final String place = "contract/" + PLACES.incrementAndGet();

  @BeforeAll
  static void start() throws Exception {
    sshd = SshdServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    sshd.close();
  }

  @Override
  protected Replica open() throws Exception {
    Access access = sshd.access(place);
    if (sshd.hasOwnUsers()) {
      access.keyPath = null;
      access.password = SshdRecipe.PASSWORD;
    }
    return access.open();
  }

  @Override
  protected List<String> secrets() {
    return List.of(SshdRecipe.PASSWORD, "PRIVATE KEY");
  }

  @Override
  protected Optional<Outage> outage() {
    return Optional.of(new Killing(sshd.server));
  }

  @Override
  protected boolean mustCreateExclusively() {
    return true;
  }
}
