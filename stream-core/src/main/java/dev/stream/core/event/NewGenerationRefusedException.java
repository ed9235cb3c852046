package dev.stream.core.event;

import java.io.IOException;

/**
 * The database at the start is older than, or unrelated to, what a replica holds. Capture did not
 * begin: a new generation would make this database the replica's newest state, and the other one
 * would go when its retention ends. The message says what both are and what to choose from.
 */
public final class NewGenerationRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  /** A refusal with a message for people. */
  public NewGenerationRefusedException(String message) {
    super(message);
  }
}
