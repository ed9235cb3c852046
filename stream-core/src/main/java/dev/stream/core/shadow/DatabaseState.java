package dev.stream.core.shadow;

/**
 * A database after one transaction, as capture needs it to go on from there. One that people name,
 * or choose on a replica, is a {@link dev.stream.core.state.ReachableState}.
 *
 * @param txId the transaction
 * @param checksum the database checksum, meaningless unless {@code proven}
 * @param proven whether the checksum is known
 * @param pageSize bytes per page
 * @param highWaterMark size in pages
 * @param position the token with which the source resumes after {@code txId}
 */
public record DatabaseState(
    long txId, long checksum, boolean proven, int pageSize, long highWaterMark, String position) {

  /** A state whose checksum is known. */
  public static DatabaseState of(
      long txId, long checksum, int pageSize, long highWaterMark, String position) {
    return new DatabaseState(txId, checksum, true, pageSize, highWaterMark, position);
  }

  /** The same, with a checksum. */
  public DatabaseState withChecksum(long known) {
    return of(txId, known, pageSize, highWaterMark, position);
  }
}
