package dev.stream.core.replicate;

import dev.stream.core.archive.GenerationId;
import dev.stream.core.shadow.DatabaseState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest that a replica holds.
 *
 * @param replica the replica's name
 * @param generation its newest generation
 * @param state the newest state of that generation; null if it cannot be restored
 * @param committedAt when that state was committed; null if it is not told
 */
record ReplicaHead(
    String replica,
    GenerationId generation,
    @Nullable DatabaseState state,
    @Nullable Instant committedAt) {

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
                + (committedAt == null ? "" : " of " + committedAt)
                + ", "
                + newest.highWaterMark()
                + " pages of "
                + newest.pageSize()
                + " bytes");
  }
}
