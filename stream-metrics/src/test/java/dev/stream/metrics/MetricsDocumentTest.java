package dev.stream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stream.api.replica.ReplicaException;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.metric.Metric;
import dev.stream.core.metric.MetricType;
import dev.stream.core.status.GenerationCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written about metrics is what there is. */
final class MetricsDocumentTest {

  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCUMENT = PROJECT.resolve("docs/METRICS.md");
  private static final Path MONITORING = PROJECT.resolve("examples/monitoring");

  private static String exposed(Metric metric) {
    return metric.metricName() + (metric.type() == MetricType.COUNTER ? "_total" : "");
  }

  private static String row(Metric metric) {
    String labels =
        metric.labels().stream()
            .filter(label -> !label.equals("database"))
            .map(label -> "`" + label + "`")
            .collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(
            exposed(metric), metric.type().name().toLowerCase(Locale.ROOT), labels, metric.help());
  }

  @Test
  void theDocumentListsEveryMetric() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      expected.add(row(metric));
    }
    List<String> listed =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith("| `stream_"))
            .toList();
    assertThat(listed)
        .as("the table in docs/METRICS.md; put this in its place:\n%s", String.join("\n", expected))
        .isEqualTo(expected);
  }

  @Test
  void theDocumentNamesEveryValueOfALabel() throws IOException {
    String text = Files.readString(DOCUMENT);
    List<Enum<?>> values = new ArrayList<>();
    values.addAll(List.of(GenerationCause.values()));
    values.addAll(List.of(StreamEvent.Artefact.values()));
    values.addAll(List.of(ReplicaException.Reason.values()));
    for (Enum<?> value : values) {
      assertThat(text).contains("`" + value.name().toLowerCase(Locale.ROOT) + "`");
    }
    for (String operation : List.of("store", "read", "list", "delete")) {
      assertThat(text).contains("`" + operation + "`");
    }
  }

  /** A panel or rule that names what is not there shows nothing, and nobody notices. */
  @ParameterizedTest
  @ValueSource(strings = {"grafana-dashboard.json", "alerts.yml", "alerts-test.yml"})
  void everyMetricThatIsWatchedExists(String file) throws IOException {
    Set<String> there = new TreeSet<>();
    for (Metric metric : Metric.values()) {
      there.add(exposed(metric));
      if (metric.type() == MetricType.SUMMARY) {
        there.add(metric.metricName() + "_sum");
        there.add(metric.metricName() + "_count");
      }
    }
    Set<String> named =
        Pattern.compile("\\bstream_[a-z_]+")
            .matcher(Files.readString(MONITORING.resolve(file)))
            .results()
            .map(name -> name.group())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).isNotEmpty();
    if (file.endsWith(".json")) {
      assertThat(new ObjectMapper().readTree(MONITORING.resolve(file).toFile()).path("panels"))
          .hasSizeGreaterThan(10);
    }
    assertThat(there).containsAll(named);
  }
}
