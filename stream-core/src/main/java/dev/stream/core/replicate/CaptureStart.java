package dev.stream.core.replicate;

import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.guard.LineageGuard;
import dev.stream.core.guard.ReplicaHead;
import dev.stream.core.guard.StartCheck;
import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.WriterId;
import dev.stream.core.status.GenerationCause;
import java.io.IOException;

/**
 * How capture begins: whether what a replica holds may be gone on from, the base that the source
 * then gives, and a generation of its own for a copied shadow directory.
 */
final class CaptureStart {

  private final ReplicationParts parts;
  private final StartCheck check;
  private final LineageGuard guard;
  private final WriterId writer;

  CaptureStart(ReplicationParts parts, StartCheck check, LineageGuard guard, WriterId writer) {
    this.parts = parts;
    this.check = check;
    this.guard = guard;
    this.writer = writer;
  }

  /**
   * Begins capture and sealing; returns once there is a base.
   *
   * @throws IOException if the database cannot be captured
   * @throws NewGenerationRefusedException if it must not take the place of what a replica holds
   */
  void begin() throws IOException {
    guard.begin(check.isAccepted());
    ReplicaHead held = check.begin(parts.capture().state() != null).orElse(null);
    DatabaseState newest = held == null ? null : held.state();
    if (held != null && newest != null) {
      parts.capture().seed(held.generation(), newest);
    }
    parts.sealing().start();
    startDatabase();
    if (!parts.capture().hasBase()) {
      throw new IOException(
          "the source of "
              + parts.database().info().path()
              + " began capture without a base; this is a fault"
              + " of the plug-in "
              + parts.database().info().type());
    }
    leaveToTheOriginal();
  }

  /** Whatever a source makes of a refusal, whoever starts gets to know it as it is. */
  private void startDatabase() throws IOException {
    try {
      parts.database().start(parts.capture().resumePosition(), parts.capture());
    } catch (IOException e) {
      NewGenerationRefusedException refusal = check.refusal();
      throw refusal == null ? e : refusal;
    }
    NewGenerationRefusedException refusal = check.refusal();
    if (refusal != null) {
      throw refusal;
    }
  }

  /** A copy of a shadow directory must not write to the generation of its original. */
  private void leaveToTheOriginal() throws IOException {
    GenerationStart start = parts.generation().get();
    DatabaseState state = parts.capture().state();
    if (writer.copied() && start != null && start.resumed() && state != null) {
      check.requireNotBehind(start.generation(), state);
      parts
          .capture()
          .beginGeneration(
              GenerationCause.COPIED,
              "the shadow directory is a copy of another, which may be writing to generation "
                  + start.generation(),
              null);
    }
  }
}
