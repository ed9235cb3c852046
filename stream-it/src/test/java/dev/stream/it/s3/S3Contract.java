package dev.stream.it.s3;

import dev.stream.api.replica.Replica;
import dev.stream.it.server.Killing;
import dev.stream.testkit.replica.Outage;
import dev.stream.testkit.replica.ReplicaContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The contract of replicas, in a place of the server's own for each of its tests. */
abstract class S3Contract extends ReplicaContract {

  private final String place = UUID.randomUUID().toString();

  abstract S3Backend backend();

  @Override
  protected Replica open() throws Exception {
    return backend().open(place);
  }

  /** The answer's clock counts in seconds, and the answer comes after the object is stored. */
  @Override
  protected Duration modifiedAtTolerance() {
    return Duration.ofSeconds(20);
  }

  /**
   * s3proxy, which keeps objects as files, answers 500 now and then where one is stored and deleted
   * at the same time (its issue 490 is of the kind).
   */
  @Override
  protected int attemptsUnderContention() {
    return backend().isMinio() ? 1 : 3;
  }

  @Override
  protected Optional<Outage> outage() {
    return Optional.of(new Killing(backend().server()));
  }

  @Override
  protected List<String> secrets() {
    return backend().secrets();
  }
}
