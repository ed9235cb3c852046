package dev.stream.cli.check;

import dev.stream.cli.output.ValueFormat;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a probe is waited for: a time in all for what is small; for the large object as long as
 * some of it moves, within bounds, since how long it takes depends on the way there. Thread-safe.
 */
final class ProbeTimeout {

  /** Most times the patience for the large object. */
  private static final int MOST = 10;

  private final Duration patience;
  private final long beganAt = System.nanoTime();
  private volatile long largeAt;
  private volatile long movedAt;
  private volatile boolean large;

  ProbeTimeout(Duration patience) {
    this.patience = patience;
  }

  /** From now on the large object is under way. */
  void largeBegins() {
    largeAt = System.nanoTime();
    movedAt = largeAt;
    large = true;
  }

  /** Some of the large object moved. */
  void moved() {
    movedAt = System.nanoTime();
  }

  /** Why it is over; empty while it is not. */
  Optional<String> exhausted() {
    String limit = ValueFormat.duration(patience) + " (--timeout)";
    long now = System.nanoTime();
    if (!large) {
      return now - beganAt < patience.toNanos()
          ? Optional.empty()
          : Optional.of("no answer within " + limit);
    }
    if (now - movedAt >= patience.toNanos()) {
      return Optional.of(
          what()
              + "did not get through: nothing moved for "
              + limit
              + ", while a small one does; look for a limit of the server, or on the way there, on"
              + " the size of what is sent or on simultaneous requests");
    }
    if ((now - largeAt) / MOST >= patience.toNanos()) {
      return Optional.of(
          what()
              + "was not through after "
              + MOST
              + " times "
              + limit
              + ", though it moved; snapshots and restores will be as slow, and a longer --timeout"
              + " waits for it");
    }
    return Optional.empty();
  }

  private static String what() {
    return "an object of " + LargeProbeObject.MEBIBYTES + " MiB ";
  }
}
