package dev.stream.cli.check;

import dev.stream.cli.output.ValueFormat;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a probe may take. All small requests together have one time. The large object may take
 * longer, up to a limit, as long as some of it moves, because its duration depends on the network.
 * Thread-safe.
 */
final class ProbeTimeout {

  /** How many times the patience the large object may take. */
  private static final int MOST = 10;

  private final Duration patience;
  private final long beganAt = System.nanoTime();
  private volatile long largeAt;
  private volatile long movedAt;
  private volatile boolean large;

  ProbeTimeout(Duration patience) {
    this.patience = patience;
  }

  /** The large object is sent from now on. */
  void largeBegins() {
    largeAt = System.nanoTime();
    movedAt = largeAt;
    large = true;
  }

  /** Some of the large object moved. */
  void moved() {
    movedAt = System.nanoTime();
  }

  /** Why the probe has taken too long; empty while it may go on. */
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
