package dev.stream.cli.http;

import dev.stream.core.metric.Metric;
import dev.stream.core.metric.MetricFamily;
import dev.stream.core.metric.MetricSample;
import dev.stream.core.metric.MetricType;
import java.util.List;
import java.util.Map;

/** Metrics in the text format of Prometheus, version 0.0.4. What is not known is left out. */
final class PrometheusText {

  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Below it, every whole number is exact. */
  private static final double EXACT = 1L << 53;

  private PrometheusText() {}

  static String of(List<MetricFamily> families) {
    StringBuilder text = new StringBuilder();
    for (MetricFamily family : families) {
      if (family.samples().stream().anyMatch(sample -> !Double.isNaN(sample.value()))) {
        write(family, text);
      }
    }
    return text.toString();
  }

  private static void write(MetricFamily family, StringBuilder text) {
    Metric metric = family.metric();
    String name = metric.metricName() + (metric.type() == MetricType.COUNTER ? "_total" : "");
    text.append("# HELP ").append(name).append(' ');
    text.append(metric.help().replace("\\", "\\\\").replace("\n", "\\n"));
    text.append("\n# TYPE ").append(name).append(' ').append(type(metric.type())).append('\n');
    for (MetricSample sample : family.samples()) {
      if (Double.isNaN(sample.value())) {
        continue;
      }
      if (metric.type() == MetricType.SUMMARY) {
        line(name + "_sum", sample.labels(), sample.value(), text);
        line(name + "_count", sample.labels(), (double) sample.count(), text);
      } else {
        line(name, sample.labels(), sample.value(), text);
      }
    }
  }

  private static String type(MetricType type) {
    return switch (type) {
      case GAUGE -> "gauge";
      case COUNTER -> "counter";
      case SUMMARY -> "summary";
    };
  }

  private static void line(
      String name, Map<String, String> labels, double value, StringBuilder text) {
    text.append(name);
    char before = '{';
    for (Map.Entry<String, String> label : labels.entrySet()) {
      text.append(before).append(label.getKey()).append("=\"");
      text.append(escaped(label.getValue())).append('"');
      before = ',';
    }
    text.append(before == '{' ? "" : "}").append(' ').append(number(value)).append('\n');
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < EXACT
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
