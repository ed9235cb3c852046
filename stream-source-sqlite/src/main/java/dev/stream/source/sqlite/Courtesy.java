package dev.stream.source.sqlite;

import dev.stream.api.database.ImageGivenUpException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Has images give way to a checkpointer that keeps all writers waiting until nobody reads the log.
 * What was read of an image is lost with it, so this is done only so often in a row: then an image
 * is read to its end. An image that is held for longer than it is read gives way every time, and so
 * does one whose files were replaced.
 *
 * <p>For use by several threads.
 */
final class Courtesy {

  private static final int MOST_IN_A_ROW = 3;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Set<Visit> open = new HashSet<>();
  private int inARow;

  /** Watches over one image. */
  final class Visit {

    private final Neighbours neighbours;
    private long lookedAt = System.nanoTime();
    private boolean waited;
    private boolean broken;
    private boolean asked;
    private boolean lingers;

    Visit(Neighbours neighbours) {
      this.neighbours = neighbours;
    }

    /** The image is held for longer than it is read. */
    void lingers() {
      lingers = true;
    }

    /** Whether the image has to give way now; cheap if asked often. */
    boolean mustGiveWay() {
      if (isBroken()) {
        return true;
      }
      long now = System.nanoTime();
      if (now - lookedAt < LOOK_NANOS) {
        return false;
      }
      lookedAt = now;
      boolean waits = neighbours.keepWritersWaiting();
      boolean again = waited && waits;
      waited = waits;
      return (again || isAsked()) && (lingers || mayGiveWay());
    }

    private boolean isAsked() {
      synchronized (Courtesy.this) {
        return asked;
      }
    }

    /** What an image that has to give way is given up with. */
    ImageGivenUpException givenUp() {
      return new ImageGivenUpException(
          isBroken()
              ? "the database or its log was replaced by another file while an image of it was read"
              : "a checkpoint of the application (PRAGMA wal_checkpoint) had to wait for this image"
                  + " of the database, and writers for the checkpoint");
    }

    private boolean isBroken() {
      synchronized (Courtesy.this) {
        return broken;
      }
    }

    /** The image was read as far as it was wanted, or gave way. */
    void done(boolean read) {
      synchronized (Courtesy.this) {
        open.remove(this);
        if (read) {
          inARow = 0;
        }
      }
    }
  }

  /** The files have been replaced: every image that is open gives way at its next read. */
  synchronized void breakAll() {
    open.forEach(visit -> visit.broken = true);
  }

  /** A checkpointer that is not seen waits: images give way at their next read. */
  synchronized void ask() {
    open.forEach(visit -> visit.asked = true);
  }

  synchronized Visit visit(Neighbours neighbours) {
    Visit visit = new Visit(neighbours);
    open.add(visit);
    return visit;
  }

  private synchronized boolean mayGiveWay() {
    if (inARow >= MOST_IN_A_ROW) {
      return false;
    }
    inARow++;
    return true;
  }
}
