package dev.stream.core.compact;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.util.List;

/**
 * Neighbouring segments that become one.
 *
 * @param level the level of the one
 * @param parts at least two segments of lower levels; each begins right after the one before
 */
public record SegmentRun(int level, List<SealedArtefact> parts) {

  /** Copies the list, and holds it to what it promises. */
  public SegmentRun {
    parts = List.copyOf(parts);
    if (parts.size() < 2) {
      throw new IllegalArgumentException(parts.size() + " segment(s) are not to be merged");
    }
    for (int i = 0; i < parts.size(); i++) {
      SealedArtefact part = parts.get(i);
      boolean follows =
          i == 0
              || (part.firstTxId() == parts.get(i - 1).lastTxId() + 1
                  && part.generation().equals(parts.get(0).generation()));
      if (part.snapshot() || part.level() >= level || !follows) {
        throw new IllegalArgumentException(part.key() + " is no part of a run of level " + level);
      }
    }
  }

  /** The generation of all. */
  public GenerationId generation() {
    return parts.get(0).generation();
  }

  /** First transaction of the first. */
  public long firstTxId() {
    return parts.get(0).firstTxId();
  }

  /** Last transaction of the last. */
  public long lastTxId() {
    return parts.get(parts.size() - 1).lastTxId();
  }

  /** The key of the one. */
  public ObjectKey key() {
    return ArtefactKeys.segment(generation(), level, firstTxId(), lastTxId());
  }
}
