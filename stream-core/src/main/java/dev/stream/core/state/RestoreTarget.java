package dev.stream.core.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which state of the database is wanted. */
public sealed interface RestoreTarget {

  /** The newest state of the newest generation that has a snapshot; refused if it has a gap. */
  RestoreTarget NEWEST = new Newest(null, false);

  /**
   * The newest state.
   *
   * @param generation of this generation; null for the newest that has a snapshot
   * @param acceptOlder whether, if the newest state cannot be reached, the newest reachable state
   *     of that generation will do
   * @param acceptOlderGeneration whether, if the newest generation has no snapshot, the newest one
   *     that has will do
   */
  record Newest(
      @Nullable GenerationId generation, boolean acceptOlder, boolean acceptOlderGeneration)
      implements RestoreTarget {

    /** Accepts an older generation where an older state is accepted. */
    public Newest(@Nullable GenerationId generation, boolean acceptOlder) {
      this(generation, acceptOlder, acceptOlder);
    }
  }

  /**
   * The state right after one transaction, exactly.
   *
   * @param generation of this generation; null for the newest that can
   * @param txId the transaction
   */
  record Transaction(@Nullable GenerationId generation, long txId) implements RestoreTarget {

    /** Validates the transaction. */
    public Transaction {
      if (txId < 0) {
        throw new IllegalArgumentException("transaction " + txId);
      }
    }
  }

  /**
   * The state at a moment: of the newest generation that has a state which can be restored and was
   * committed by then, the newest such state. Times are those of the capturing machine's clock. If
   * that was set back, a moment that it showed more than once counts as its last time.
   *
   * @param generation of this generation; null for any
   * @param at the moment; what was committed at it is included
   */
  record Moment(@Nullable GenerationId generation, Instant at) implements RestoreTarget {}

  /**
   * The state that has a name, exactly.
   *
   * @param name of the pin
   */
  record Pin(String name) implements RestoreTarget {}
}
