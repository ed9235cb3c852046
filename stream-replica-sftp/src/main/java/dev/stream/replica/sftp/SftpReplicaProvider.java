package dev.stream.replica.sftp;

import com.google.auto.service.AutoService;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrls;
import java.nio.file.Path;
import java.util.Optional;

/** Provides replicas of type {@code sftp}. Thread-safe. */
@AutoService(ReplicaProvider.class)
@SuppressWarnings({"rawtypes", "exports"})
public final class SftpReplicaProvider implements ReplicaProvider<SftpReplicaConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public SftpReplicaProvider() {}

  @Override
  public String type() {
    return "sftp";
  }

  @Override
  public Class<SftpReplicaConfig> configType() {
    return SftpReplicaConfig.class;
  }

  /** Opens the replica without connecting; what is wrong shows on first use. */
  @Override
  public Replica open(SftpReplicaConfig config) {
    return SftpReplica.open(config);
  }

  @Override
  public Optional<ReplicaUrls> urls() {
    return Optional.of(new SftpUrls(Path.of(System.getProperty("user.home"))));
  }
}
