package dev.stream.core.shadow;

import java.time.Instant;

/**
 * What an active log says of one flush.
 *
 * @param firstTxId first transaction
 * @param after the database after the flush
 * @param committedAt when the flush was captured
 * @param start offset of the record in the log
 * @param end offset after the record
 */
public record LogRecord(
    long firstTxId, DatabaseState after, Instant committedAt, long start, long end) {

  /** Last transaction. */
  public long txId() {
    return after.txId();
  }
}
