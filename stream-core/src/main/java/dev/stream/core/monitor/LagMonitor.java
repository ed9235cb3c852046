package dev.stream.core.monitor;

import dev.stream.core.capture.Capture;
import dev.stream.core.config.Durations;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.upload.ReplicaUploader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures how far replicas lag, and warns once per episode. */
public final class LagMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(LagMonitor.class);

  private final Clock clock;
  private final Duration threshold;
  private final Capture capture;
  private final SealingLoop sealing;
  private final StreamListener listener;
  private final Set<String> lagging = new HashSet<>();

  public LagMonitor(
      Clock clock,
      Duration threshold,
      Capture capture,
      SealingLoop sealing,
      StreamListener listener) {
    this.clock = clock;
    this.threshold = threshold;
    this.capture = capture;
    this.sealing = sealing;
    this.listener = listener;
  }

  /** The window above which a replica lags. */
  Duration threshold() {
    return threshold;
  }

  /** Age of the oldest commit that a replica lacks; zero if it has all. */
  Duration window(ReplicaUploader uploader, @Nullable GenerationStart start) {
    Instant oldest = lackingSince(uploader, start);
    if (oldest == null) {
      return Duration.ZERO;
    }
    Duration age = Duration.between(oldest, clock.instant());
    return age.isNegative() ? Duration.ZERO : age; // the clock was set back
  }

  /** When the oldest commit was made that a replica lacks, or may lack; null if it has all. */
  public @Nullable Instant lackingSince(ReplicaUploader uploader, @Nullable GenerationStart start) {
    if (start == null) {
      return null;
    }
    // In the order in which a commit goes: one that moves on meanwhile is seen by one of the three.
    Instant uncaptured = capture.uncapturedSince();
    Instant unsealed = sealing.unsealedSince();
    Instant pending = uploader.lackingSince(start);
    return Stream.of(
            Optional.ofNullable(uncaptured),
            Optional.ofNullable(unsealed),
            Optional.ofNullable(pending))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Compares all replicas with the threshold. */
  public synchronized void check(List<ReplicaUploader> uploaders, @Nullable GenerationStart start) {
    for (ReplicaUploader uploader : uploaders) {
      Duration window = window(uploader, start);
      if (window.compareTo(threshold) > 0) {
        if (lagging.add(uploader.name())) {
          String error = uploader.error() == null ? capture.trouble() : uploader.error();
          LOG.warn(
              "replica {} lags: commits of the last {} would be lost with this machine, more than"
                  + " the {} allowed by dataLossWindowThreshold; {}",
              uploader.name(),
              Durations.show(window),
              Durations.show(threshold),
              error == null ? "it is slow, or sealing is" : error);
          listener.onEvent(
              new StreamEvent.DataLossWindowExceeded(uploader.name(), window, threshold));
        }
      } else if (lagging.remove(uploader.name())) {
        LOG.info(
            "replica {} has caught up: it lags by {}", uploader.name(), Durations.show(window));
        listener.onEvent(new StreamEvent.DataLossWindowRecovered(uploader.name()));
      }
    }
  }
}
