package dev.stream.core.metric;

/** How a metric's values are to be read. */
public enum MetricType {
  /** A value that goes up and down. */
  GAUGE,
  /** A value that only grows, and begins anew with a start. */
  COUNTER,
  /** How often something happened, and the sum of what it took; both only grow. */
  SUMMARY
}
