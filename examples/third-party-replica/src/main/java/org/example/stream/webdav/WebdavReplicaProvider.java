package org.example.stream.webdav;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrls;
import java.util.Optional;

/** Provides replicas of type {@code webdav}. Thread-safe. */
public final class WebdavReplicaProvider implements ReplicaProvider<WebdavReplicaConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public WebdavReplicaProvider() {}

  @Override
  public String type() {
    return "webdav";
  }

  @Override
  public Class<WebdavReplicaConfig> configType() {
    return WebdavReplicaConfig.class;
  }

  /** Opens the replica without asking the server; what is wrong with it shows on first use. */
  @Override
  public Replica open(WebdavReplicaConfig config) {
    return new WebdavReplica(new WebdavClient(config));
  }

  @Override
  public Optional<ReplicaUrls> urls() {
    return Optional.of(new WebdavUrls());
  }
}
