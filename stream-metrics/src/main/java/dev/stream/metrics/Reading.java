package dev.stream.metrics;

import dev.stream.core.metric.Metric;
import dev.stream.core.metric.MetricFamily;
import dev.stream.core.metric.MetricSample;
import dev.stream.core.metric.MetricSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a source told last. A registry asks meter by meter; all that it reads within a moment are of
 * one reading, which is made once. Thread-safe.
 */
final class Reading {

  private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private record Key(Metric metric, Map<String, String> labels) {}

  private final MetricSource source;
  private @Nullable Map<Key, MetricSample> samples;
  private long madeAt;

  Reading(MetricSource source) {
    this.source = source;
  }

  /** Everything, as of now. */
  List<MetricFamily> families() {
    return source.metrics();
  }

  /** The value that has now the labels of another one. */
  synchronized MetricSample of(Metric metric, MetricSample like) {
    Map<Key, MetricSample> current = samples;
    if (current == null || System.nanoTime() - madeAt >= MOMENT_NANOS) {
      current = new HashMap<>();
      for (MetricFamily family : source.metrics()) {
        for (MetricSample sample : family.samples()) {
          current.put(new Key(family.metric(), sample.labels()), sample);
        }
      }
      samples = current;
      madeAt = System.nanoTime();
    }
    MetricSample found = current.get(new Key(metric, like.labels()));
    return found == null ? new MetricSample(like.labels(), Double.NaN) : found;
  }
}
