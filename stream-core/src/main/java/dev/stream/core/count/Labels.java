package dev.stream.core.count;

import dev.stream.core.metric.MetricSample;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The labels of one sample, as they are put together. For use by one thread. */
final class Labels {

  private final Map<String, String> labels = new LinkedHashMap<>();

  Labels(String database) {
    labels.put("database", database);
  }

  Labels and(String label, String value) {
    labels.put(label, value);
    return this;
  }

  /** A constant, as labels show it: in lower case. */
  Labels and(String label, Enum<?> value) {
    return and(label, value.name().toLowerCase(Locale.ROOT));
  }

  MetricSample sample(double value) {
    return new MetricSample(labels, value);
  }

  /** A count, of which none is too large to be exact. */
  MetricSample sample(long count) {
    return sample((double) count);
  }

  MetricSample summary(double sum, long count) {
    return new MetricSample(labels, sum, count);
  }
}
