package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every replica must do: each "must" of {@link Replica}, as a test.
 *
 * <p>A backend extends this class and supplies {@code open()}, which is called before the
 * subclass's own {@code BeforeEach} methods; it may also name an {@link Outage} and its secrets:
 *
 * <pre>{@code
 * final class FileReplicaContractTest extends ReplicaContract {
 *   @TempDir Path folder;
 *
 *   @Override
 *   protected Replica open() {
 *     return new FileReplicaProvider().open(new FileReplicaConfig(folder.resolve("replica")));
 *   }
 * }
 * }</pre>
 *
 * <p>That a killed process leaves nothing visible, and that a returned put survives power loss, a
 * backend has to show by itself.
 */
public abstract class ReplicaContract extends ReplicaCreateTests {

  /** For subclasses. */
  protected ReplicaContract() {}

  @Test
  void objectsOutliveTheirReplica() throws Exception {
    put("g/a", TestBody.bytes(1, 1000));
    replica.close();
    Replica reopened = openAnother();
    assertThat(keys(reopened, "")).containsExactly("g/a");
    assertThat(read(reopened, "g/a")).isEqualTo(TestBody.bytes(1, 1000));
  }

  @Test
  void instancesOverOneStoreSeeEachOther() throws Exception {
    Replica other = openAnother();
    put("g/a", TestBody.bytes(1, 1000));
    other.put(key("g/b"), TestBody.of(TestBody.bytes(2, 2000)));
    for (Replica each : List.of(replica, other)) {
      assertThat(keys(each, "")).containsExactly("g/a", "g/b");
      assertThat(read(each, "g/a")).isEqualTo(TestBody.bytes(1, 1000));
      assertThat(read(each, "g/b")).isEqualTo(TestBody.bytes(2, 2000));
    }
    other.delete(List.of(key("g/a")));
    assertAbsent(replica, "g/a");
    assertThat(keys("")).containsExactly("g/b");
  }

  @Test
  void closingMayBeRepeatedAndConcernsOneInstanceOnly() throws Exception {
    Replica other = openAnother();
    put("g/a");
    other.close();
    other.close();
    put("g/b");
    assertThat(keys("")).containsExactly("g/a", "g/b");
    replica.close();
    replica.close();
  }

  @Test
  void theNameIsStableAndShowsNoSecret() throws Exception {
    String name = replica.name();
    assertThat(name).isNotBlank().doesNotContain("\n");
    secrets().forEach(secret -> assertThat(name).doesNotContain(secret));
    put("g/a");
    assertThat(replica.name()).isEqualTo(name);
    assertThat(openAnother().name()).isEqualTo(name);
    replica.close();
    assertThat(replica.name()).isEqualTo(name);
  }

  /** An operation on a store that is out of order. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException;
  }

  @Test
  void anOutageIsReportedAndSurvived() throws Exception {
    Optional<Outage> outage = outage();
    assumeTrue(outage.isPresent(), "this backend names no outage");
    put("g/a");
    Map<String, Attempt> attempts =
        Map.of(
            "g/b", () -> put("g/b"),
            "g/a", () -> read("g/a"),
            "g/", () -> keys("g/"),
            "g/a ", () -> delete(List.of("g/a")));
    outage.get().begin();
    try {
      attempts.forEach((what, attempt) -> assertReported(what.strip(), attempt));
    } finally {
      outage.get().end();
    }
    assertThat(keys("")).containsExactly("g/a");
    put("g/b");
    assertThat(keys("")).containsExactly("g/a", "g/b");
  }

  /** Never as absent, nor as success: both would let the core believe a wrong state. */
  private void assertReported(String what, Attempt attempt) {
    Throwable failure = catchThrowable(attempt::run);
    assertThat(failure).as("outage, " + what).isInstanceOf(ReplicaException.class);
    assertThat(((ReplicaException) failure).reason()).isNotEqualTo(Reason.NOT_FOUND);
    assertThat(failure).hasMessageContaining(what);
    for (Throwable each = failure; each != null; each = each.getCause()) {
      for (String secret : secrets()) {
        assertThat(each.toString()).doesNotContain(secret);
      }
    }
  }
}
