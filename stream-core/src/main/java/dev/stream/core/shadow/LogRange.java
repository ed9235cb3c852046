package dev.stream.core.shadow;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The records of a log that become one segment.
 *
 * @param parent the database before
 * @param after the database after
 * @param firstCommitAt when its first flush was captured
 * @param lastCommitAt when its last flush was captured
 * @param pages what it changed
 * @param end offset in the log after its last record
 * @param doubt what they close if they are a catch-up; else null
 */
record LogRange(
    DatabaseState parent,
    DatabaseState after,
    Instant firstCommitAt,
    Instant lastCommitAt,
    SegmentPages pages,
    long end,
    @Nullable Doubt doubt) {

  LogRange withEndChecksum(long checksum) {
    return new LogRange(
        parent, after.withChecksum(checksum), firstCommitAt, lastCommitAt, pages, end, doubt);
  }

  /**
   * Reads on until a record ends at {@code lastTxId}, or to the end of the valid prefix.
   *
   * @return null if there is no record
   */
  static @Nullable LogRange read(LogReader log, long lastTxId) throws IOException {
    DatabaseState parent = log.state();
    SegmentPages pages = new SegmentPages(parent.highWaterMark());
    LogRecord last = null;
    Instant first = null;
    while (log.state().txId() < lastTxId) {
      int before = pages.versions();
      LogRecord record = log.next((id, offset, data, at, length) -> pages.add(id, offset));
      if (record == null || record.txId() > lastTxId) {
        pages.rollBack(before);
        break;
      }
      pages.flushed(before, record.after().highWaterMark());
      last = record;
      first = first == null ? record.committedAt() : first;
    }
    return last == null || first == null
        ? null
        : new LogRange(
            parent,
            last.after(),
            first,
            last.committedAt(),
            pages,
            last.end(),
            log.header().doubt());
  }
}
