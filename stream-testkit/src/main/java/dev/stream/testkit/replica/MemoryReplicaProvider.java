package dev.stream.testkit.replica;

import com.google.auto.service.AutoService;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;

/** Provides replicas of type {@code memory}, so that tests can configure one. Thread-safe. */
@AutoService(ReplicaProvider.class)
@SuppressWarnings({"rawtypes", "exports"})
public final class MemoryReplicaProvider implements ReplicaProvider<MemoryReplicaConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public MemoryReplicaProvider() {}

  @Override
  public String type() {
    return "memory";
  }

  @Override
  public Class<MemoryReplicaConfig> configType() {
    return MemoryReplicaConfig.class;
  }

  @Override
  public Replica open(MemoryReplicaConfig config) {
    return MemoryReplica.open(config.store());
  }
}
