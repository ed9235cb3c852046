package dev.stream.metrics;

import dev.stream.core.metric.Metric;
import dev.stream.core.metric.MetricFamily;
import dev.stream.core.metric.MetricSample;
import dev.stream.core.metric.MetricSource;
import dev.stream.core.metric.MetricType;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Binds a Stream's metrics to a registry of Micrometer.
 *
 * <pre>{@code
 * try (StreamController stream = StreamController.enable(config)) {
 *   StreamMetrics.bind(stream, registry);
 * }
 * }</pre>
 *
 * <p>The meters are those of {@link Metric}: {@code stream_replica_failures} is {@code
 * stream.replica.failures} here, and {@code stream_replica_failures_total} again where Prometheus
 * reads it. Each has the tag {@code database}, so that several may be in one registry. Registered
 * once; what a meter tells is asked for when the registry is read. A meter whose value is not known
 * tells {@code NaN}.
 *
 * <p>Safe for use by several threads.
 */
public final class StreamMetrics implements MeterBinder, AutoCloseable {

  private record Bound(MeterRegistry registry, Meter meter) {}

  private final Reading reading;
  private final List<Bound> bound = new ArrayList<>();

  /**
   * Metrics that are not bound yet, as a framework takes them that binds by itself.
   *
   * @param source a {@code StreamController} or an {@code Observer}; need not be started
   */
  public StreamMetrics(MetricSource source) {
    this.reading = new Reading(source);
  }

  /**
   * Binds the metrics of a {@code StreamController} or an {@code Observer}, which need not be
   * started.
   *
   * @return what was bound; closing it takes the meters out again, which is needed only if the
   *     registry lives longer than the Stream
   */
  public static StreamMetrics bind(MetricSource source, MeterRegistry registry) {
    StreamMetrics metrics = new StreamMetrics(source);
    metrics.bindTo(registry);
    return metrics;
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    for (MetricFamily family : reading.families()) {
      for (MetricSample sample : family.samples()) {
        bound.add(new Bound(registry, meter(family.metric(), sample, registry)));
      }
    }
  }

  // A registry holds what its meters are of weakly: that each function names the reading keeps it.
  private Meter meter(Metric metric, MetricSample sample, MeterRegistry registry) {
    Tags tags =
        Tags.of(
            sample.labels().entrySet().stream()
                .map(label -> Tag.of(label.getKey(), label.getValue()))
                .toList());
    Reading from = reading;
    String name = name(metric);
    return switch (metric.type()) {
      case GAUGE ->
          Gauge.builder(name, from, all -> from.of(metric, sample).value())
              .baseUnit(metric.unit().isEmpty() ? null : metric.unit())
              .description(metric.help())
              .tags(tags)
              .register(registry);
      case COUNTER ->
          FunctionCounter.builder(name, from, all -> from.of(metric, sample).value())
              .baseUnit(metric.unit().isEmpty() ? null : metric.unit())
              .description(metric.help())
              .tags(tags)
              .register(registry);
      case SUMMARY ->
          FunctionTimer.builder(
                  name,
                  from,
                  all -> from.of(metric, sample).count(),
                  all -> from.of(metric, sample).value(),
                  TimeUnit.SECONDS)
              .description(metric.help())
              .tags(tags)
              .register(registry);
    };
  }

  /** In Micrometer's notation; of a timer without its unit, which each registry has its own of. */
  private static String name(Metric metric) {
    String name = metric.metricName();
    String unit = "_" + metric.unit();
    boolean timer = metric.type() == MetricType.SUMMARY && name.endsWith(unit);
    return (timer ? name.substring(0, name.length() - unit.length()) : name).replace('_', '.');
  }

  /** Takes all meters out of their registries. Repeatable. */
  @Override
  public synchronized void close() {
    for (Bound one : bound) {
      Meter unused = one.registry().remove(one.meter());
    }
    bound.clear();
  }
}
