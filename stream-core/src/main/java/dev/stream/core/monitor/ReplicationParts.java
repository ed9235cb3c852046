package dev.stream.core.monitor;

import dev.stream.api.database.PagedDatabase;
import dev.stream.core.capture.Capture;
import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.compact.CompactionLoop;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.snapshot.SnapshotLoop;
import dev.stream.core.upload.ReplicaUploader;
import java.util.List;

/**
 * The parts that a commit passes on its way to the replicas, for what looks at several of them.
 *
 * @param database where it is made
 * @param generation the generation that is written now
 * @param capture takes its pages into the shadow log
 * @param sealing makes segments of the log
 * @param snapshots takes snapshots
 * @param compaction merges segments
 * @param uploaders one for each replica
 */
public record ReplicationParts(
    PagedDatabase database,
    CurrentGeneration generation,
    Capture capture,
    SealingLoop sealing,
    SnapshotLoop snapshots,
    CompactionLoop compaction,
    List<ReplicaUploader> uploaders) {

  /** The same parts; the list is copied. */
  public ReplicationParts {
    uploaders = List.copyOf(uploaders);
  }
}
