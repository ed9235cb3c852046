package dev.stream.core.status;

/** Why a generation began, for who counts. The reason beside it tells the circumstances. */
public enum GenerationCause {
  /** It had begun before, and goes on after a restart. */
  RESUMED,
  /** Nothing was known here of the database: a first start, or a new shadow directory. */
  NOTHING_KNOWN,
  /** Nothing was known here, and the database is what a replica holds: it was restored. */
  TAKEN_OVER,
  /** What was captured could not be proven to lead to what the database is. */
  DOUBT,
  /** Another database is in the place of the one that was captured, or that one is back. */
  REPLACED,
  /** What was captured could not be made a segment. */
  LOG_LOST,
  /** The shadow directory had no room for the backlog of a replica. */
  SHADOW_LIMIT,
  /** The shadow directory is a copy of another, whose generation is not ours. */
  COPIED,
  /** An operator accepted that it begins above what another Stream wrote. */
  ACCEPTED
}
