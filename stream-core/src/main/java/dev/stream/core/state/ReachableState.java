package dev.stream.core.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A state that can be restored.
 *
 * @param generation its generation
 * @param txId the transaction whose state it is
 * @param committedAt when that transaction was seen, by the clock of the capturing machine; null if
 *     that is not known
 */
public record ReachableState(GenerationId generation, long txId, @Nullable Instant committedAt) {

  @Override
  public String toString() {
    return "transaction " + txId + (committedAt == null ? "" : " of " + committedAt);
  }
}
