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
}
