package dev.stream.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.metric.Metric;
import dev.stream.core.metric.MetricFamily;
import dev.stream.core.metric.MetricSample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The text format, byte by byte. */
final class PrometheusTextTest {

  private static MetricSample sample(String database, double value, long count) {
    return new MetricSample(Map.of("database", database), value, count);
  }

  @Test
  void everyTypeHasItsLines() {
    assertThat(
            PrometheusText.of(
                List.of(
                    new MetricFamily(Metric.RUNNING, List.of(sample("/a.db", 1, 0))),
                    new MetricFamily(Metric.CATCH_UPS, List.of(sample("/a.db", 1e12, 0))),
                    new MetricFamily(
                        Metric.REPLICA_OPERATION_DURATION_SECONDS,
                        List.of(sample("/a.db", 0.25, 3))))))
        .isEqualTo(
            """
            # HELP stream_running 1 while a replication runs, else 0: starting, waiting, closed.
            # TYPE stream_running gauge
            stream_running{database="/a.db"} 1
            # HELP stream_catch_ups_total How often transactions were captured as one, for a doubt.
            # TYPE stream_catch_ups_total counter
            stream_catch_ups_total{database="/a.db"} 1000000000000
            # HELP stream_replica_operation_duration_seconds Operations on a replica and the time in them, failed ones too.
            # TYPE stream_replica_operation_duration_seconds summary
            stream_replica_operation_duration_seconds_sum{database="/a.db"} 0.25
            stream_replica_operation_duration_seconds_count{database="/a.db"} 3
            """);
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertThat(
            PrometheusText.of(
                List.of(
                    new MetricFamily(
                        Metric.LOCAL_TRANSACTION, List.of(sample("/a.db", Double.NaN, 0))))))
        .isEmpty();
  }

  @Test
  void aPathMayHaveAnyCharacter() {
    assertThat(
            PrometheusText.of(
                List.of(new MetricFamily(Metric.RUNNING, List.of(sample("/a\"b\\c\nd{}", 0, 0))))))
        .endsWith("stream_running{database=\"/a\\\"b\\\\c\\nd{}\"} 0\n");
  }
}
