package dev.stream.core.restore;

/** What became of a restore that is only due where there is no database. */
public enum RestoreOutcome {

  /** The file was missing and is there now, proven, in its newest state. */
  RESTORED,

  /** There is a file; nothing was looked at or changed. */
  EXISTS,

  /**
   * The file is missing, and neither a replica nor the shadow directory holds anything to restore:
   * the application begins with a new database.
   */
  NOTHING_THERE
}
