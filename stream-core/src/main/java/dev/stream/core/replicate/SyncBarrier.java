package dev.stream.core.replicate;

import dev.stream.core.config.Durations;
import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.upload.ReplicaUploader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits until every commit so far can be restored from every replica, or from one of them. */
final class SyncBarrier {

  private final ReplicationParts parts;
  private final List<ReplicaUploader> awaited;

  /**
   * One for replicas.
   *
   * @param replica the only one that is waited for; null for all
   * @throws IllegalArgumentException if there is none of that name
   */
  SyncBarrier(ReplicationParts parts, @Nullable String replica) {
    this.parts = parts;
    this.awaited =
        parts.uploaders().stream()
            .filter(uploader -> replica == null || uploader.name().equals(replica))
            .toList();
    if (replica != null && awaited.isEmpty()) {
      throw new IllegalArgumentException("there is no replica \"" + replica + "\"");
    }
  }

  void await(Duration timeout) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    parts.database().sync();
    DatabaseState target = parts.capture().settledState();
    while (true) {
      GenerationStart start = parts.generation().get();
      if (target == null || start == null) {
        throw new IOException("capture has not begun");
      }
      List<String> behind = syncOnce(start, target.txId(), deadline);
      if (behind.isEmpty()) {
        return;
      }
      if (start.equals(parts.generation().get()) || System.nanoTime() >= deadline) {
        throw new IOException(
            "not everywhere within "
                + Durations.show(timeout)
                + ": transaction "
                + target.txId()
                + " is missing in "
                + String.join("; ", behind)
                + "; Stream keeps trying");
      }
    }
  }

  private List<String> syncOnce(GenerationStart start, long txId, long deadline)
      throws IOException, InterruptedException {
    List<String> behind = new ArrayList<>();
    parts
        .sealing()
        .sealedThrough(start.generation(), txId, Math.max(0, deadline - System.nanoTime()));
    if (parts.sealing().sealedTxId() < txId) {
      String error = parts.sealing().error();
      behind.add("the segments" + (error == null ? "" : " (" + error + ")"));
      return behind;
    }
    parts.sealing().paused(() -> true); // what is sealed is with the parts.uploaders() then
    for (ReplicaUploader uploader : awaited) {
      if (!uploader.awaitHas(
          start.generation(), txId, deadline, () -> start.equals(parts.generation().get()))) {
        String error = uploader.error();
        behind.add(uploader.name() + (error == null ? "" : " (" + error + ")"));
      }
    }
    return behind;
  }
}
