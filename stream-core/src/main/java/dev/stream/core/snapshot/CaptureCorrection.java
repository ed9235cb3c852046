package dev.stream.core.snapshot;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.core.capture.Capture;
import dev.stream.core.seal.SealingLoop;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done where the database turns out not to be what its captured commits amount to: what
 * differs is captured as one.
 */
public final class CaptureCorrection {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureCorrection.class);

  private final PagedDatabase database;
  private final Capture capture;
  private final SealingLoop sealing;

  public CaptureCorrection(PagedDatabase database, Capture capture, SealingLoop sealing) {
    this.database = database;
    this.capture = capture;
    this.sealing = sealing;
  }

  /** The self-check failed. */
  void captureWasWrong(String reason) throws IOException {
    LOG.error(
        "{}; replicas may be wrong since the last snapshot of this generation. What differs is"
            + " captured now, and a snapshot taken",
        reason);
    sealing.paused(
        () -> {
          try (DatabaseImage image = capture.image(database)) {
            capture.correct(image, sealing::waiting, reason);
          }
          return true;
        });
  }
}
