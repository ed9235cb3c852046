package dev.stream.core.snapshot;

import dev.stream.core.capture.CaptureScan;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves what was captured a piece at a time, and has captured again what turns out to be wrong.
 *
 * @param scan reads the database back
 * @param correction captures what differs
 */
public record CaptureProof(CaptureScan scan, CaptureCorrection correction) {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureProof.class);

  /** Until the next piece is due. */
  long nanosLeft() {
    return scan.nanosLeft();
  }

  /** Proves a piece; returns whether something was wrong, and was captured again. */
  boolean corrected() {
    String wrong = scan.slice();
    if (wrong == null) {
      return false;
    }
    try {
      correction.captureWasWrong(wrong);
      return true;
    } catch (IOException | RuntimeException | Error e) {
      LOG.warn("what differs could not be captured: {}; Stream tries again", e.toString());
      return false;
    }
  }
}
