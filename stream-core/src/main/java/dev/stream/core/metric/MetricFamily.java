package dev.stream.core.metric;

import java.util.List;

/**
 * A metric and its values.
 *
 * @param metric which one
 * @param samples its values, which differ in their labels
 */
public record MetricFamily(Metric metric, List<MetricSample> samples) {

  /** The same; the list is copied. */
  public MetricFamily {
    samples = List.copyOf(samples);
  }
}
