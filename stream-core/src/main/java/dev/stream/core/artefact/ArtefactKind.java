package dev.stream.core.artefact;

import java.util.Locale;

/** What an artefact holds. */
public enum ArtefactKind {
  /** The whole database as of one transaction; a page that is not in it is all zeros. */
  SNAPSHOT,

  /** The pages that a run of transactions changed, each in its last version. */
  SEGMENT;

  /** The name in headers and messages, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
