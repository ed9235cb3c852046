package dev.stream.core.restore;

import dev.stream.api.replica.ReplicaException;
import dev.stream.core.artefact.ArtefactException;
import java.io.IOException;

/** Tells a copy that is bad from a replica that cannot be asked. */
final class Damage {

  private Damage() {}

  /** Whether the artefact itself is damaged, foreign or gone, so that asking again is no use. */
  static boolean isDamage(IOException failure) {
    if (failure instanceof ReplicaException replica) {
      return switch (replica.reason()) {
        case NOT_FOUND, CONFLICT -> true;
        case ACCESS_DENIED, REJECTED, UNAVAILABLE -> false;
      };
    }
    return failure instanceof ArtefactException || failure instanceof ChainException;
  }

  /** Whether the artefact was listed, and is there no more. */
  static boolean isGone(IOException failure) {
    return failure instanceof ReplicaException replica
        && replica.reason() == ReplicaException.Reason.NOT_FOUND;
  }
}
