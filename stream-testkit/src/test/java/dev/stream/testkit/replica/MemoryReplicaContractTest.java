package dev.stream.testkit.replica;

import dev.stream.api.replica.Replica;

final class MemoryReplicaContractTest extends ReplicaContract {

  private final MemoryReplica store = MemoryReplica.create();

  @Override
  protected Replica open() {
    return store.another();
  }

  @Override
  protected long largeObjectSize() {
    return 20 << 20;
  }
}
