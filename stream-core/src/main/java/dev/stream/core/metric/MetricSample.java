package dev.stream.core.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One value of a metric.
 *
 * @param labels what the value is of, such as {@code replica} and its name; in the order in which
 *     they are to be shown
 * @param value the value, of a summary the sum; not a number where it is not known
 * @param count of a summary, of how many it is the sum; else 0
 */
public record MetricSample(Map<String, String> labels, double value, long count) {

  /** The same; the labels are copied. */
  public MetricSample {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** A value that is no summary. */
  public MetricSample(Map<String, String> labels, double value) {
    this(labels, value, 0);
  }
}
