package dev.stream.core.replicate;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.capture.CaptureEvents;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.guard.StartCheck;
import dev.stream.core.monitor.LagMonitor;
import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.status.CatchUp;
import dev.stream.core.upload.ReplicaUploader;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What the other parts learn from capture, in its thread and with its lock held. Capture is made
 * before them: {@link #connect} comes before the first event.
 */
final class CaptureRelay implements CaptureEvents {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureRelay.class);

  private final StartCheck check;
  private final StreamListener listener;
  private @Nullable ReplicationParts connected;
  private @Nullable LagMonitor lag;
  private Runnable stirred = () -> {};

  CaptureRelay(StartCheck check, StreamListener listener) {
    this.check = check;
    this.listener = listener;
  }

  /**
   * From here on the other parts learn of events.
   *
   * @param onCommits runs with each commit; cheap
   */
  void connect(ReplicationParts parts, LagMonitor monitor, Runnable onCommits) {
    this.connected = parts;
    this.lag = monitor;
    this.stirred = onCommits;
  }

  private ReplicationParts parts() {
    return Objects.requireNonNull(connected, "parts");
  }

  @Override
  public void appended() {
    parts().sealing().appended();
    stirred.run();
  }

  @Override
  public void putOff() {
    parts().sealing().putOff();
    stirred.run();
  }

  @Override
  public void closed(ClosedLog log) {
    parts().sealing().enqueue(log);
  }

  @Override
  public void began(GenerationStart start, @Nullable DatabaseImage image) {
    check.began(start);
    owe(start);
    parts().generation().began(start);
    parts().sealing().began(start.generation(), start.base(), CommitClock.begin(start.startedAt()));
    parts().compaction().began(start, image != null);
    parts().snapshots().began(start, image);
    parts().uploaders().forEach(ReplicaUploader::relist);
    LOG.info(
        "generation {} {} at transaction {}: {}",
        start.generation(),
        start.resumed() ? "goes on" : "begins",
        start.base().txId(),
        start.reason());
    listener.onEvent(
        new StreamEvent.GenerationBegan(
            start.generation().value(),
            start.resumed(),
            start.base().txId(),
            start.cause(),
            start.reason()));
  }

  /** What a replica lacks of the generation that ends now, it goes on to lack. */
  private void owe(GenerationStart next) {
    GenerationStart ending = parts().generation().get();
    if (ending == null || ending.generation().equals(next.generation())) {
      return;
    }
    LagMonitor monitor = Objects.requireNonNull(lag, "lag");
    for (ReplicaUploader uploader : parts().uploaders()) {
      Instant since = monitor.lackingSince(uploader, ending);
      if (since != null) {
        uploader.owes(since, next.generation());
      }
    }
  }

  @Override
  public void caughtUp(CatchUp one, boolean alarming) {
    parts().generation().caughtUp(one);
    LOG.atLevel(alarming ? Level.WARN : Level.INFO)
        .log(
            "what was committed after {} was captured as one, up to transaction {} of generation"
                + " {}, since {}; {} differed. States in between cannot be restored",
            one.since(),
            one.txId(),
            one.generation(),
            one.reason(),
            one.pages() == 1 ? "1 page" : one.pages() + " pages");
    listener.onEvent(new StreamEvent.CaughtUp(one));
  }

  @Override
  public void paused(String message) {
    stirred.run();
    LOG.error("capture is interrupted: {}", message);
    listener.onEvent(new StreamEvent.CapturePaused(message));
  }

  @Override
  public void recovered() {
    LOG.info("capture works again");
    listener.onEvent(new StreamEvent.CaptureRecovered());
  }

  @Override
  public void notice(String message) {
    LOG.info("{}", message);
    listener.onEvent(new StreamEvent.Notice(message));
  }

  @Override
  public void warning(String message) {
    LOG.warn("{}", message);
    listener.onEvent(new StreamEvent.Notice(message));
  }
}
