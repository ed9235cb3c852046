package dev.stream.source.sqlite;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Has images give way to a checkpointer that keeps all writers waiting until nobody reads the log.
 * What was read of an image is lost with it, so this is done only so often in a row: then an image
 * is read to its end.
 *
 * <p>For use by several threads.
 */
final class Courtesy {

  private static final int MOST_IN_A_ROW = 3;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private int inARow;

  /** An image gave way. */
  static final class GaveWayException extends IOException {

    private static final long serialVersionUID = 1L;

    GaveWayException() {
      super(
          "a checkpoint of the application (PRAGMA wal_checkpoint) had to wait for this image of the"
              + " database, and writers for the checkpoint: the image gave way, and is taken again");
    }
  }

  /** Watches over one image. */
  final class Visit {

    private final Neighbours neighbours;
    private long lookedAt = System.nanoTime();
    private boolean waited;

    Visit(Neighbours neighbours) {
      this.neighbours = neighbours;
    }

    /** Whether the image has to give way now; cheap if asked often. */
    boolean mustGiveWay() {
      long now = System.nanoTime();
      if (now - lookedAt < LOOK_NANOS) {
        return false;
      }
      lookedAt = now;
      boolean waits = neighbours.keepWritersWaiting();
      boolean again = waited && waits;
      waited = waits;
      return again && mayGiveWay();
    }

    /** The image was read as far as it was wanted. */
    void done() {
      synchronized (Courtesy.this) {
        inARow = 0;
      }
    }
  }

  Visit visit(Neighbours neighbours) {
    return new Visit(neighbours);
  }

  private synchronized boolean mayGiveWay() {
    if (inARow >= MOST_IN_A_ROW) {
      return false;
    }
    inARow++;
    return true;
  }
}
