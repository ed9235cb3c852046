package dev.stream.source.h2;

/** The pages that a database file is made of: the blocks of an MVStore. */
final class Pages {

  /** Bytes per page. */
  static final int SIZE = 4096;

  private Pages() {}

  /** The page that holds the byte at this offset. */
  static long idAt(long offset) {
    return offset / SIZE + 1;
  }

  /** Where a page begins. */
  static long offsetOf(long id) {
    return (id - 1) * SIZE;
  }

  /** How many pages a file of this size has; the last may be there in part only. */
  static long count(long size) {
    return (size + SIZE - 1) / SIZE;
  }
}
