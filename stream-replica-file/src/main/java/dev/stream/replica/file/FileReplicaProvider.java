package dev.stream.replica.file;

import com.google.auto.service.AutoService;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrls;
import java.util.Optional;

/** Provides replicas of type {@code file}. Thread-safe. */
@AutoService(ReplicaProvider.class)
@SuppressWarnings({"rawtypes", "exports"})
public final class FileReplicaProvider implements ReplicaProvider<FileReplicaConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public FileReplicaProvider() {}

  @Override
  public String type() {
    return "file";
  }

  @Override
  public Class<FileReplicaConfig> configType() {
    return FileReplicaConfig.class;
  }

  /** Opens the replica without touching the disk; what is wrong with it shows on first use. */
  @Override
  public Replica open(FileReplicaConfig config) {
    return new FileReplica(config.path().toAbsolutePath());
  }

  @Override
  public Optional<ReplicaUrls> urls() {
    return Optional.of(new FileUrls());
  }
}
