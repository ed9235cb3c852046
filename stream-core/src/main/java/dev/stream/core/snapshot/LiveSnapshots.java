package dev.stream.core.snapshot;

import dev.stream.core.shadow.SealedArtefact;

/** Where snapshots that replicas take from the database itself are announced. */
public interface LiveSnapshots {

  /** A snapshot can be had without being in the shadow directory; everybody gets to know it. */
  void addLive(SealedArtefact snapshot);

  /** A copy of such a snapshot is in the shadow directory. */
  void storedLive(SealedArtefact snapshot);

  /**
   * Such a snapshot cannot be had any more, unless a copy of it is there.
   *
   * @return whether a replica has to do without
   */
  boolean removeLive(SealedArtefact snapshot);
}
