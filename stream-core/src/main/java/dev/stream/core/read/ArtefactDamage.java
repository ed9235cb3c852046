package dev.stream.core.read;

import dev.stream.api.replica.ReplicaException;
import dev.stream.core.artefact.ArtefactException;
import dev.stream.core.artefact.ArtefactException.Problem;
import java.io.IOException;

/**
 * Tells a copy that is bad from one that cannot be read here, or a replica that does not answer.
 */
public final class ArtefactDamage {

  private ArtefactDamage() {}

  /** Whether the artefact itself is damaged, foreign or gone, so that asking again is no use. */
  public static boolean isDamage(IOException failure) {
    if (failure instanceof ReplicaException replica) {
      return switch (replica.reason()) {
        case NOT_FOUND, CONFLICT -> true;
        case ACCESS_DENIED, REJECTED, UNAVAILABLE -> false;
      };
    }
    if (failure instanceof ArtefactException artefact) {
      // A codec, or memory, that is missing here is no fault of the artefact.
      return artefact.problem() != Problem.UNKNOWN_CODEC && artefact.problem() != Problem.TOO_LARGE;
    }
    return failure instanceof ChainException;
  }

  /** Whether the artefact was listed, and is there no more. */
  public static boolean isGone(IOException failure) {
    return failure instanceof ReplicaException replica
        && replica.reason() == ReplicaException.Reason.NOT_FOUND;
  }
}
