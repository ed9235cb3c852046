package dev.stream.core.replicate;

import dev.stream.api.database.PagedDatabase;
import dev.stream.core.capture.Capture;
import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.config.Durations;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.upload.ReplicaUploader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits until every commit so far can be restored from every replica. */
final class SyncBarrier {

  private final PagedDatabase database;
  private final Capture capture;
  private final SealingLoop sealing;
  private final List<ReplicaUploader> uploaders;
  private final CurrentGeneration generation;

  SyncBarrier(
      PagedDatabase database,
      Capture capture,
      SealingLoop sealing,
      List<ReplicaUploader> uploaders,
      CurrentGeneration generation) {
    this.database = database;
    this.capture = capture;
    this.sealing = sealing;
    this.uploaders = uploaders;
    this.generation = generation;
  }

  void await(Duration timeout) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    database.sync();
    DatabaseState target = capture.settledState();
    while (true) {
      GenerationStart start = generation.get();
      if (target == null || start == null) {
        throw new IOException("capture has not begun");
      }
      List<String> behind = syncOnce(start, target.txId(), deadline);
      if (behind.isEmpty()) {
        return;
      }
      if (start.equals(generation.get()) || System.nanoTime() >= deadline) {
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
    sealing.sealedThrough(start.generation(), txId, Math.max(0, deadline - System.nanoTime()));
    if (sealing.sealedTxId() < txId) {
      String error = sealing.error();
      behind.add("the segments" + (error == null ? "" : " (" + error + ")"));
      return behind;
    }
    sealing.paused(() -> true); // what is sealed is with the uploaders then
    for (ReplicaUploader uploader : uploaders) {
      if (!uploader.awaitHas(
          start.generation(), txId, deadline, () -> start.equals(generation.get()))) {
        String error = uploader.error();
        behind.add(uploader.name() + (error == null ? "" : " (" + error + ")"));
      }
    }
    return behind;
  }
}
