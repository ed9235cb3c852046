package dev.stream.api.database;

/**
 * The pages of one commit, or of a run of commits read together.
 *
 * <p>The frames hold every page whose bytes changed, header pages included, in its final version.
 * Pages above {@code highWaterMark} are gone. A page above the former high-water mark that no frame
 * carries is all zeros.
 *
 * @param firstTxId first transaction of the run; one more than the last of the flush before
 * @param txId last transaction of the run
 * @param pageSize bytes per page, a power of two from 512 to 65536
 * @param highWaterMark size of the database in pages after the run, which is also its last page id
 * @param position opaque token with which the source resumes after {@code txId}; not empty, or the
 *     next start begins anew
 * @param frames the changed pages; valid only during the observer's call
 */
public record PageFlush(
    long firstTxId,
    long txId,
    int pageSize,
    long highWaterMark,
    String position,
    PageFrames frames) {

  /** Validates ids and sizes. */
  public PageFlush {
    if (firstTxId < 1 || txId < firstTxId) {
      throw new IllegalArgumentException("transactions " + firstTxId + " to " + txId);
    }
    if (Integer.bitCount(pageSize) != 1 || pageSize < 512 || pageSize > 65536) {
      throw new IllegalArgumentException("page size " + pageSize);
    }
    if (highWaterMark < 0) {
      throw new IllegalArgumentException("high-water mark " + highWaterMark);
    }
  }

  /** The transaction on which this flush builds. */
  public long parentTxId() {
    return firstTxId - 1;
  }
}
