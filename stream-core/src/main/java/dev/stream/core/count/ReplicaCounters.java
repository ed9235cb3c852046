package dev.stream.core.count;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What was asked of one replica since its start. Safe for use by several threads. */
public final class ReplicaCounters {

  private final InstantSource clock;
  private final Map<ReplicaOperation, OperationCounter> operations =
      new EnumMap<>(ReplicaOperation.class);
  private volatile double lastSuccess = Double.NaN;

  /** Nothing was asked yet. */
  public ReplicaCounters(InstantSource clock) {
    this.clock = clock;
    for (ReplicaOperation operation : ReplicaOperation.values()) {
      operations.put(operation, new OperationCounter());
    }
  }

  /** Those of one kind. */
  OperationCounter of(ReplicaOperation operation) {
    return Objects.requireNonNull(operations.get(operation));
  }

  /** The replica did what was asked. */
  void succeeded() {
    lastSuccess = clock.millis() / 1e3;
  }

  /** When it last did, in seconds since 1970; not a number if it never has. */
  double lastSuccess() {
    return lastSuccess;
  }
}
