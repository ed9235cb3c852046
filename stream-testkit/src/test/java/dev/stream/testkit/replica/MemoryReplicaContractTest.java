package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.Replica;
import org.junit.jupiter.api.BeforeEach;

final class MemoryReplicaContractTest extends ReplicaContract {

  private final MemoryReplica store = MemoryReplica.create();

  private boolean opened;

  @Override
  protected Replica open() {
    opened = true;
    return store.another();
  }

  /** As the contract's documentation says, for whoever would make the store in such a method. */
  @BeforeEach
  void theFirstIsOpenBeforeTheSubclassPreparesAnything() {
    assertThat(opened).isTrue();
  }

  @Override
  protected long largeObjectSize() {
    return 20 << 20;
  }
}
