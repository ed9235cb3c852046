package dev.stream.core.upload;

import dev.stream.core.state.GenerationId;
import org.jspecify.annotations.Nullable;

/**
 * What is kept here and not for a replica: everything, since that is another's, or what was
 * captured after some generation. Not thread-safe.
 */
final class UploadHold {

  private boolean refused;
  private @Nullable GenerationId after;
  private @Nullable String why;

  /** What is captured after a generation is held back. */
  void holdBack(GenerationId lastGood, String reason) {
    after = lastGood;
    why = reason;
  }

  /** Nothing is held back any more, unless the replica is refused. */
  void release() {
    after = null;
    why = null;
  }

  /** The replica gets nothing. */
  void refuse(String reason) {
    refused = true;
    why = reason;
  }

  /** It gets something; returns whether it was refused until now. */
  boolean admit() {
    boolean was = refused;
    refused = false;
    if (was) {
      why = null;
    }
    return was;
  }

  boolean isRefused() {
    return refused;
  }

  /** Whether what is captured in a generation is held back. */
  boolean holds(GenerationId generation) {
    return after != null && generation.compareTo(after) > 0;
  }

  /** Why something is kept from the replica; null if nothing is. */
  @Nullable String why() {
    return why;
  }
}
