package dev.stream.core.restore;

/** Whether the database itself looks over a restored file, after its checksum has been proven. */
public enum DatabaseCheck {
  /** Not at all: for a file that is wanted as it was captured, sound or not. */
  NONE,
  /** What is quick. */
  QUICK,
  /** All the database can check. */
  THOROUGH
}
