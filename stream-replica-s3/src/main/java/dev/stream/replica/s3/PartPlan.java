package dev.stream.replica.s3;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;

/**
 * How an object is cut into parts: all of one size, but the last.
 *
 * @param size bytes of the object
 * @param partSize bytes of each part but the last
 */
record PartPlan(long size, long partSize) {

  /** What the protocol allows. */
  private static final int MOST_PARTS = 10_000;

  private static final long LARGEST_OBJECT = 5L << 40;
  private static final long MIB = 1L << 20;

  /** Cuts into parts of the size wished for, or larger ones if there were too many. */
  static PartPlan of(long size, long wished) throws ReplicaException {
    if (size > LARGEST_OBJECT) {
      throw new ReplicaException(
          Reason.REJECTED, "an object of " + size + " bytes is more than the 5 TiB that S3 takes");
    }
    long least = (size + MOST_PARTS - 1) / MOST_PARTS;
    long partSize = least <= wished ? wished : (least + MIB - 1) / MIB * MIB;
    return new PartPlan(size, partSize);
  }

  int count() {
    return (int) ((size + partSize - 1) / partSize);
  }

  long offset(int index) {
    return index * partSize;
  }

  long length(int index) {
    return Math.min(partSize, size - offset(index));
  }
}
