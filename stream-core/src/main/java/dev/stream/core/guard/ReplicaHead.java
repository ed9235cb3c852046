package dev.stream.core.guard;

import dev.stream.core.artefact.CommitClock;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.state.GenerationId;
import org.jspecify.annotations.Nullable;

/**
 * The newest that a replica holds.
 *
 * @param replica the replica's name
 * @param generation its newest generation
 * @param state the newest state of that generation; null if it cannot be restored
 * @param clock when that state was committed; the birth of the generation if that is not told
 */
public record ReplicaHead(
    String replica, GenerationId generation, @Nullable DatabaseState state, CommitClock clock) {

  /** Of a generation of which nothing is known but that it is there. */
  static ReplicaHead unknown(String replica, GenerationId generation) {
    return new ReplicaHead(replica, generation, null, CommitClock.begin(generation.bornAt()));
  }

  /** For people: what would be lost. */
  String describe() {
    DatabaseState newest = state;
    return "replica "
        + replica
        + " holds generation "
        + generation
        + (newest == null
            ? ""
            : " up to transaction "
                + newest.txId()
                + " of "
                + clock.lastCommitAt()
                + ", "
                + newest.highWaterMark()
                + " pages of "
                + newest.pageSize()
                + " bytes");
  }
}
