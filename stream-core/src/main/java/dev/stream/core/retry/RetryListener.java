package dev.stream.core.retry;

import java.io.IOException;
import java.time.Duration;

/**
 * Learns of every failure that will be tried again. Called by the thread that tries. What it
 * throws, an {@code Error} included, is logged and otherwise ignored.
 */
@FunctionalInterface
public interface RetryListener {

  /** Takes no notice. */
  RetryListener SILENT = (failures, wait, cause) -> {};

  /**
   * An attempt failed and there will be another.
   *
   * @param failures failures in a row, from 1
   * @param nextIn the wait until the next attempt
   * @param cause why it failed
   */
  void onFailure(int failures, Duration nextIn, IOException cause);
}
