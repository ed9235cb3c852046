package dev.stream.core.monitor;

import dev.stream.core.capture.CaptureScan;
import dev.stream.core.drill.DrillRecords;
import dev.stream.core.retention.Pruners;
import dev.stream.core.schedule.Episode;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.ShadowCatalog;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.status.StreamStatus;
import dev.stream.core.upload.ReplicaUploader;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** How a replication is doing, put together from all of its parts. Thread-safe. */
public final class StatusReport {

  private final ReplicationParts parts;
  private final CaptureScan scan;
  private final ShadowCatalog catalog;
  private final Pruners pruners;
  private final LagMonitor lag;
  private final DrillRecords drills;
  private final Clock clock;
  private volatile boolean ended;

  public StatusReport(
      ReplicationParts parts,
      CaptureScan scan,
      ShadowCatalog catalog,
      Pruners pruners,
      LagMonitor lag,
      DrillRecords drills,
      Clock clock) {
    this.parts = parts;
    this.scan = scan;
    this.catalog = catalog;
    this.pruners = pruners;
    this.lag = lag;
    this.drills = drills;
    this.clock = clock;
  }

  /** Age of the oldest commit that a replica lacks. */
  public Duration dataLossWindow(String replica) {
    for (ReplicaUploader uploader : parts.uploaders()) {
      if (uploader.name().equals(replica)) {
        return lag.window(uploader, parts.generation().get());
      }
    }
    throw new IllegalArgumentException(
        "there is no replica \""
            + replica
            + "\"; there are "
            + parts.uploaders().stream().map(ReplicaUploader::name).toList());
  }

  /** The worst of all replicas. */
  public Duration dataLossWindow() {
    Duration worst = Duration.ZERO;
    for (ReplicaUploader uploader : parts.uploaders()) {
      Duration window = lag.window(uploader, parts.generation().get());
      worst = window.compareTo(worst) > 0 ? window : worst;
    }
    return worst;
  }

  /** From now on nothing is captured any more. */
  public void ended() {
    ended = true;
  }

  /** All of it. */
  public StreamStatus status() {
    GenerationStart start = parts.generation().get();
    DatabaseState state = parts.capture().state();
    List<ReplicaStatus> replicas =
        parts.uploaders().stream()
            .map(one -> pruners.withRetentionError(one, one.status(lag.window(one, start))))
            .toList();
    String trouble = parts.capture().trouble();
    String error = trouble != null ? trouble : parts.sealing().error();
    long logs = parts.sealing().waitingBytes() + parts.capture().logLength();
    Episode.Failure unmerged = parts.compaction().failure();
    return new StreamStatus(
        parts.database().info().path().toString(),
        state == null ? 0 : state.highWaterMark() * state.pageSize(),
        start == null ? null : start.generation().value(),
        start == null ? null : start.generation().bornAt(),
        start == null ? "" : start.reason(),
        state == null ? -1 : state.txId(),
        parts.generation().lastCatchUp(),
        !ended,
        trouble == null && !ended,
        error != null ? error : parts.snapshots().error(),
        parts.capture().failures(),
        scan.readBack(),
        unmerged == null ? null : unmerged.message(),
        unmerged == null ? null : unmerged.since(),
        catalog.bytes() + logs,
        logs,
        dataLossWindow(),
        lag.threshold(),
        replicas,
        drills.all(),
        clock.instant());
  }
}
