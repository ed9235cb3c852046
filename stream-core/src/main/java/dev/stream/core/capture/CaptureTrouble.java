package dev.stream.core.capture;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether capture is interrupted, told once per episode, and how often it failed. Changed with
 * capture's lock held or by the source's thread; may be read by any.
 */
final class CaptureTrouble {

  private final CaptureEvents events;
  private final Clock clock;
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable String message;
  private volatile @Nullable Instant since;
  private boolean foundHere;

  CaptureTrouble(CaptureEvents events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** Why capture is interrupted; null if it is not. */
  @Nullable String message() {
    return message;
  }

  /** Since when capture is interrupted; null if it is not. */
  @Nullable Instant since() {
    return since;
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
      since = clock.instant();
      message = what;
      events.paused(what);
    }
  }

  /** The source cannot go on. */
  void failed(String what) {
    if (foundHere) {
      return; // the source passes on what it was told here, less plainly
    }
    if (since == null) {
      since = clock.instant();
    }
    message = what;
    events.paused(what);
  }

  /** Capture works. */
  void over() {
    foundHere = false;
    if (message != null) {
      message = null;
      since = null;
      events.recovered();
    }
  }
}
