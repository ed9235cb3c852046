package dev.stream.core.artefact;

import java.io.IOException;

/** An artefact that cannot be used, and why. Trying again does not help; another copy may. */
public final class ArtefactException extends IOException {

  private static final long serialVersionUID = 1;

  /** What is wrong with the artefact. */
  public enum Problem {
    /** It does not begin as a snapshot or segment does. */
    NOT_AN_ARTEFACT,
    /** A newer version of Stream wrote it. */
    TOO_NEW,
    /** A version of Stream wrote it whose format is no longer read. */
    TOO_OLD,
    /** Its bytes are not those that were written. */
    CORRUPT,
    /** Its end is missing. */
    TRUNCATED,
    /** Its codec is not installed. */
    UNKNOWN_CODEC,
    /** Reading it takes more memory than this process may use. */
    TOO_LARGE
  }

  private final Problem problem;
  private final String artefact;

  ArtefactException(Problem problem, String artefact, String message) {
    super(artefact + ": " + message);
    this.problem = problem;
    this.artefact = artefact;
  }

  /** What is wrong. */
  public Problem problem() {
    return problem;
  }

  /** The name under which the artefact was opened: a key or a file. */
  public String artefact() {
    return artefact;
  }

  static ArtefactException corrupt(String artefact, String what) {
    return new ArtefactException(
        Problem.CORRUPT,
        artefact,
        "damaged: "
            + what
            + ". Nothing of it was used; restore from another replica, or up to an"
            + " earlier transaction");
  }

  static ArtefactException truncated(String artefact, String what) {
    return new ArtefactException(
        Problem.TRUNCATED,
        artefact,
        "cut short: "
            + what
            + ". Nothing of it was used; restore from another replica, or up to"
            + " an earlier transaction");
  }
}
