package dev.stream.api.database;

/**
 * Whether an image follows from what the observer was given before.
 *
 * @param proven true if every commit between the resume position and the image has been delivered
 * @param reason why not, or how it was proven; a clause for the log
 */
public record Continuity(boolean proven, String reason) {

  /** Every commit has been delivered. */
  public static Continuity proven(String how) {
    return new Continuity(true, how);
  }

  /** Commits may be missing. */
  public static Continuity lost(String why) {
    return new Continuity(false, why);
  }
}
