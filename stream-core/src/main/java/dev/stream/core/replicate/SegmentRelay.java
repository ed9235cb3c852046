package dev.stream.core.replicate;

import dev.stream.core.compact.CompactionLoop;
import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.seal.SealingEvents;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.GenerationCause;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the other parts learn of segments that were sealed or merged. Sealing and compaction are
 * made before them: {@link #connect} comes before the first event.
 */
final class SegmentRelay implements SealingEvents, CompactionLoop.Events {

  private @Nullable ReplicationParts parts;
  private @Nullable ShadowContents connected;

  void connect(ReplicationParts all, ShadowContents contents) {
    this.parts = all;
    this.connected = contents;
  }

  /** What comes into the shadow directory. */
  ShadowContents contents() {
    return Objects.requireNonNull(connected, "contents");
  }

  private ReplicationParts parts() {
    return Objects.requireNonNull(parts, "parts");
  }

  @Override
  public void sealed(SealedArtefact segment) {
    contents().addCaptured(segment);
  }

  @Override
  public void cut(GenerationId generation, long txId) {
    parts().compaction().cut(generation, txId);
  }

  @Override
  public void logLost(GenerationId generation, String reason) {
    GenerationStart start = parts().generation().get();
    if (start != null && start.generation().equals(generation)) {
      parts().capture().beginGeneration(GenerationCause.LOG_LOST, reason, null);
    }
  }

  @Override
  public void merged(SealedArtefact segment) {
    contents().add(segment);
  }

  @Override
  public void released() {
    contents().prune();
  }
}
