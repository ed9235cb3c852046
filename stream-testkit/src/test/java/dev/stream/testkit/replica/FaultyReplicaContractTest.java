package dev.stream.testkit.replica;

import dev.stream.api.replica.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Without faults it is as sound as what is behind it; an outage is one that the contract accepts.
 */
final class FaultyReplicaContractTest extends ReplicaContract {

  private final MemoryReplica store = MemoryReplica.create();
  private final List<FaultyReplica> instances = new ArrayList<>();

  @Override
  protected Replica open() {
    FaultyReplica instance = FaultyReplica.over(store.another());
    instances.add(instance);
    return instance;
  }

  @Override
  protected Optional<Outage> outage() {
    return Optional.of(
        new Outage() {
          @Override
          public void begin() {
            instances.forEach(FaultyReplica::down);
          }

          @Override
          public void end() {
            instances.forEach(FaultyReplica::up);
          }
        });
  }

  @Override
  protected long largeObjectSize() {
    return 20 << 20;
  }
}
