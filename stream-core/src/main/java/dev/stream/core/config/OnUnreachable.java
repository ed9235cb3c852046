package dev.stream.core.config;

/** What becomes of a start whose database is missing while no replica can be asked for it. */
public enum OnUnreachable {
  /** It is refused: an application must not begin anew because a store is down for a moment. */
  FAIL,
  /**
   * It goes on without a database, if the shadow directory knows of none either. What the
   * application makes then is held back from a replica that turns out to hold another one.
   */
  START
}
