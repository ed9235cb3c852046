package dev.stream.core.replicate;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether capture is interrupted, told once per episode, and how often it failed. Changed with
 * capture's lock held or by the source's thread; may be read by any.
 */
final class CaptureTrouble {

  private final CaptureEvents events;
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable String message;
  private boolean foundHere;

  CaptureTrouble(CaptureEvents events) {
    this.events = events;
  }

  /** Why capture is interrupted; null if it is not. */
  @Nullable String message() {
    return message;
  }

  /** How often a flush or a base was not taken. */
  long failures() {
    return failures.get();
  }

  /** A flush or a base was not taken. */
  void count() {
    long unused = failures.incrementAndGet();
  }

  /** Capture itself cannot go on. */
  void found(String what) {
    foundHere = true;
    if (message == null) {
      message = what;
      events.paused(what);
    }
  }

  /** The source cannot go on. */
  void told(String what) {
    if (foundHere) {
      return; // the source passes on what it was told here, less plainly
    }
    message = what;
    events.paused(what);
  }

  /** Capture works. */
  void over() {
    foundHere = false;
    if (message != null) {
      message = null;
      events.recovered();
    }
  }
}
