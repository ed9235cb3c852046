package dev.stream.core.retention;

import dev.stream.core.config.RetentionConfig;
import dev.stream.core.schedule.Environment;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.upload.ReplicaUploader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What deletes from the replicas: one for each, independent of the others. Thread-safe. */
public final class Pruners {

  private final Map<String, ReplicaPruner> pruners = new TreeMap<>();

  /** One for each uploader. */
  public Pruners(List<ReplicaUploader> uploaders, RetentionConfig policy, Environment environment) {
    for (ReplicaUploader uploader : uploaders) {
      CautiousClock clock =
          new CautiousClock(
              environment.clock(), environment.nanoTime(), policy.snapshotRetention());
      pruners.put(
          uploader.name(),
          new ReplicaPruner(uploader.name(), uploader.archive(), policy, clock, environment));
    }
  }

  public void start() {
    pruners.values().forEach(ReplicaPruner::start);
  }

  /** That of a replica. */
  public ReplicaPruner of(ReplicaUploader uploader) {
    ReplicaPruner pruner = pruners.get(uploader.name());
    if (pruner == null) {
      throw new IllegalArgumentException("there is no replica " + uploader.name());
    }
    return pruner;
  }

  /** A status that also tells what retention fails at, if nothing worse is to be told. */
  public ReplicaStatus withRetentionError(ReplicaUploader uploader, ReplicaStatus status) {
    String error = of(uploader).error();
    if (error == null || status.lastError() != null) {
      return status;
    }
    return new ReplicaStatus(
        status.name(),
        status.store(),
        status.generation(),
        status.txId(),
        status.pendingArtefacts(),
        status.pendingBytes(),
        error,
        status.dataLossWindow());
  }

  public void stop() {
    pruners.values().forEach(ReplicaPruner::stop);
  }
}
