package dev.stream.core.metric;

import java.util.List;

/**
 * Whoever tells how a Stream is doing, in numbers. Safe for use by several threads; asks no replica
 * and waits for nothing, so it may be asked as often as a monitoring system likes.
 */
public interface MetricSource {

  /**
   * All metrics as of now, in the order of {@link Metric}. Each has the same samples, by their
   * labels, whenever it is asked: what is not known yet, or while nothing is replicated, is not a
   * number ({@link Double#NaN}), and what was never counted is zero. Counters begin anew with each
   * start of a replication.
   */
  List<MetricFamily> metrics();
}
