package dev.stream.core.schedule;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

/**
 * Within what bounds snapshots get from the database to the replicas.
 *
 * @param copyLimit the largest snapshot, as estimated, that is written to the shadow directory
 *     before it is sent
 * @param heldLimit bytes of disk that the source may use for an image while replicas take the
 *     snapshot from it; a sixteenth of the database if that is more, but never more than four times
 *     as many
 * @param stall how long a replica may take nothing while others, or nobody, wait for it
 * @param completion the same once it was given the last byte, which it may have to put together
 *     with all the others
 * @param attempts how often a replica may try to take the snapshot from one image
 * @param patience after what time the image is let go of for a copy, if there is room for one
 * @param reserve bytes of the shadow directory's disk that a copy leaves free, by the size of that
 *     disk
 */
public record SnapshotBounds(
    long copyLimit,
    long heldLimit,
    Duration stall,
    Duration completion,
    int attempts,
    Duration patience,
    LongUnaryOperator reserve) {

  /** What holds for everybody: a reserve of 5 % of the disk, at most 1 GiB, among others. */
  public static final SnapshotBounds STANDARD =
      new SnapshotBounds(
          64L << 20,
          256L << 20,
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          5,
          Duration.ofMinutes(15),
          disk -> Math.min(disk / 20, 1L << 30));

  /** The bytes that the source may use for an image of a database. */
  public long heldLimit(long databaseBytes) {
    return Math.max(heldLimit, Math.min(databaseBytes / 16, 4 * heldLimit));
  }
}
