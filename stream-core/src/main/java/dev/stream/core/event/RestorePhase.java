package dev.stream.core.event;

/** What a restore is doing. */
public enum RestorePhase {
  /** Asking the replicas what they have. */
  LIST,
  /** Fetching artefacts and writing pages; counted in stored bytes. */
  FETCH,
  /** Reading the written file back against the database checksum; counted in its bytes. */
  PROVE,
  /** The database's own check. */
  CHECK,
  /** Moving the file into place. */
  MOVE
}
