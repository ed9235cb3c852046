package dev.stream.core.verify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An artefact that was read and found whole.
 *
 * @param key where it is
 * @param snapshot whether it is a snapshot
 * @param txId the transaction to whose state it leads
 * @param committedAt when that was committed; null if it does not say
 * @param size its length in bytes
 * @param checksum the database checksum as of the transaction
 * @param fileChecksum the checksum of its bytes, as in its footer
 */
public record WholeArtefact(
    String key,
    boolean snapshot,
    long txId,
    @Nullable Instant committedAt,
    long size,
    long checksum,
    long fileChecksum) {

  /**
   * Whether two that lead to the same state are not the same bytes, against the rule that each
   * segment is encoded once. Snapshots need not be: each is taken by itself.
   */
  boolean isOtherBytes(WholeArtefact other) {
    return !snapshot
        && checksum == other.checksum
        && (size != other.size || fileChecksum != other.fileChecksum);
  }
}
