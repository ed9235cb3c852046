package dev.stream.replica.nats;

import com.google.auto.service.AutoService;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrls;
import java.util.Optional;

/** Provides replicas of type {@code nats}. Thread-safe. */
@AutoService(ReplicaProvider.class)
@SuppressWarnings({"rawtypes", "exports"})
public final class NatsReplicaProvider implements ReplicaProvider<NatsReplicaConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public NatsReplicaProvider() {}

  @Override
  public String type() {
    return "nats";
  }

  @Override
  public Class<NatsReplicaConfig> configType() {
    return NatsReplicaConfig.class;
  }

  /** Opens the replica without connecting: a server that is down shows on first use. */
  @Override
  public Replica open(NatsReplicaConfig config) {
    return new NatsReplica(config);
  }

  @Override
  public Optional<ReplicaUrls> urls() {
    return Optional.of(new NatsUrls());
  }
}
