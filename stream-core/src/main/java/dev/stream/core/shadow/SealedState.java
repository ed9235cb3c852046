package dev.stream.core.shadow;

import dev.stream.core.artefact.CommitClock;

/**
 * A state at which a segment ends, or in which a generation begins; with the time, which a {@link
 * DatabaseState} within a log has not.
 *
 * @param database the database
 * @param clock when it was captured
 */
public record SealedState(DatabaseState database, CommitClock clock) {

  /** The last transaction in it. */
  public long txId() {
    return database.txId();
  }
}
