package dev.stream.core.restore;

/** Whether the database itself looks over a restored file, after its checksum has been proven. */
public enum DatabaseCheck {
  /** Not at all: for a file that is wanted as it was captured, sound or not. */
  NONE,
  /** What is quick; what it complains of is a warning, for the file equals what was captured. */
  QUICK,
  /**
   * All the database can check, of a file that was read back and proven before; what it complains
   * of ends the restore, which leaves no file.
   */
  THOROUGH
}
