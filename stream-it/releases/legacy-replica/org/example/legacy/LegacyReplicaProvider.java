package org.example.legacy;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;

/** Provides replicas of type {@code legacy}. */
public final class LegacyReplicaProvider implements ReplicaProvider<LegacyReplicaConfig> {

  @Override
  public String type() {
    return "legacy";
  }

  @Override
  public Class<LegacyReplicaConfig> configType() {
    return LegacyReplicaConfig.class;
  }

  @Override
  public Replica open(LegacyReplicaConfig config) {
    return new LegacyReplica(config.box().toAbsolutePath());
  }
}
