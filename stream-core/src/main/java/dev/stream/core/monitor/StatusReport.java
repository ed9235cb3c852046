package dev.stream.core.monitor;

import dev.stream.core.capture.Capture;
import dev.stream.core.capture.CaptureScan;
import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.compact.CompactionLoop;
import dev.stream.core.retention.Pruners;
import dev.stream.core.schedule.Episode;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.ShadowCatalog;
import dev.stream.core.snapshot.SnapshotLoop;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.status.StreamStatus;
import dev.stream.core.upload.ReplicaUploader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** How a replication is doing, put together from all of its parts. Thread-safe. */
public final class StatusReport {

  private final Path database;
  private final Capture capture;
  private final SealingLoop sealing;
  private final SnapshotLoop snapshots;
  private final CaptureScan scan;
  private final CompactionLoop compaction;
  private final ShadowCatalog catalog;
  private final CurrentGeneration generation;
  private final List<ReplicaUploader> uploaders;
  private final Pruners pruners;
  private final LagMonitor lag;
  private final Clock clock;
  private volatile boolean ended;

  public StatusReport(
      Path database,
      Capture capture,
      SealingLoop sealing,
      SnapshotLoop snapshots,
      CaptureScan scan,
      CompactionLoop compaction,
      ShadowCatalog catalog,
      CurrentGeneration generation,
      List<ReplicaUploader> uploaders,
      Pruners pruners,
      LagMonitor lag,
      Clock clock) {
    this.database = database;
    this.capture = capture;
    this.sealing = sealing;
    this.snapshots = snapshots;
    this.scan = scan;
    this.compaction = compaction;
    this.catalog = catalog;
    this.generation = generation;
    this.uploaders = List.copyOf(uploaders);
    this.pruners = pruners;
    this.lag = lag;
    this.clock = clock;
  }

  /** Age of the oldest commit that a replica lacks. */
  public Duration dataLossWindow(String replica) {
    for (ReplicaUploader uploader : uploaders) {
      if (uploader.name().equals(replica)) {
        return lag.window(uploader, generation.get());
      }
    }
    throw new IllegalArgumentException(
        "there is no replica \""
            + replica
            + "\"; there are "
            + uploaders.stream().map(ReplicaUploader::name).toList());
  }

  /** The worst of all replicas. */
  public Duration dataLossWindow() {
    Duration worst = Duration.ZERO;
    for (ReplicaUploader uploader : uploaders) {
      Duration window = lag.window(uploader, generation.get());
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
    GenerationStart start = generation.get();
    DatabaseState state = capture.state();
    List<ReplicaStatus> replicas =
        uploaders.stream()
            .map(one -> pruners.told(one, one.status(lag.window(one, start))))
            .toList();
    String trouble = capture.trouble();
    String error = trouble != null ? trouble : sealing.error();
    Episode.Failure unmerged = compaction.failure();
    return new StreamStatus(
        database.toString(),
        start == null ? null : start.generation().value(),
        start == null ? "" : start.reason(),
        state == null ? -1 : state.txId(),
        generation.lastCatchUp(),
        !ended,
        trouble == null && !ended,
        error != null ? error : snapshots.error(),
        capture.failures(),
        scan.told(),
        unmerged == null ? null : unmerged.message(),
        unmerged == null ? null : unmerged.since(),
        catalog.bytes() + sealing.waitingBytes() + capture.logLength(),
        dataLossWindow(),
        lag.threshold(),
        replicas,
        clock.instant());
  }
}
