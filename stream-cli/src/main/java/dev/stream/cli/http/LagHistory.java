package dev.stream.cli.http;

import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.status.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data loss window of each replica over the last hour. Safe for use by several threads. */
final class LagHistory {

  static final Duration STEP = Duration.ofSeconds(5);

  private static final int LONGEST = (int) (Duration.ofHours(1).toSeconds() / STEP.toSeconds());

  /** What one look found; a replica's window in milliseconds. */
  record Sample(Instant at, Map<String, Long> millis) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Adds a look, and drops the oldest. */
  synchronized void add(StreamStatus status) {
    Map<String, Long> millis = new LinkedHashMap<>();
    for (ReplicaStatus replica : status.replicas()) {
      millis.put(replica.name(), replica.dataLossWindow().toMillis());
    }
    samples.addLast(new Sample(status.at(), millis));
    if (samples.size() > LONGEST) {
      Sample unused = samples.removeFirst();
    }
  }

  /** All there are, oldest first. */
  synchronized List<Sample> all() {
    return new ArrayList<>(samples);
  }
}
