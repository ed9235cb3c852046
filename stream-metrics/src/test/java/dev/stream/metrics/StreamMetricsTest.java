package dev.stream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.Observer;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.metric.Metric;
import dev.stream.core.metric.MetricType;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application's registry tells how its Streams are doing. */
@Timeout(60)
final class StreamMetricsTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  private void write(String database, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(database));
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  private StreamConfig config(String database) throws Exception {
    write(database, "CREATE TABLE t(v)");
    return StreamConfig.builder()
        .database("sqlite", Map.of("path", folder.resolve(database)))
        .shadowDir(folder.resolve(database + ".stream"))
        .syncInterval(Duration.ofMillis(20))
        .compression("none")
        .replica("file", Map.of("path", folder.resolve(database + ".replica"), "name", "r"))
        .build();
  }

  private StreamController controller(String database) throws Exception {
    return StreamController.builder().config(config(database)).build();
  }

  private String tag(String database) {
    return folder.resolve(database).toString();
  }

  private double gauge(MeterRegistry registry, String name, String database) {
    return registry.get(name).tag("database", tag(database)).gauge().value();
  }

  @Test
  void oneLineBindsAndSeveralDatabasesAreApart() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (StreamController one = controller("one.db");
        StreamController other = controller("other.db")) {
      StreamMetrics bound = StreamMetrics.bind(one, registry);
      StreamMetrics.bind(other, registry);
      assertThat(gauge(registry, "stream.running", "one.db")).isZero();
      assertThat(gauge(registry, "stream.local.transaction", "one.db")).isNaN();
      one.start();
      write("one.db", "INSERT INTO t VALUES(1)");
      one.sync(SOON);
      MeterRegistry read = new SimpleMeterRegistry(); // not within a moment of the reading before
      StreamMetrics.bind(one, read);
      assertThat(gauge(read, "stream.running", "one.db")).isEqualTo(1);
      assertThat(gauge(read, "stream.capturing", "one.db")).isEqualTo(1);
      assertThat(gauge(read, "stream.database.size.bytes", "one.db")).isEqualTo(8192);
      double transaction = gauge(read, "stream.local.transaction", "one.db");
      assertThat(transaction).isPositive();
      assertThat(gauge(read, "stream.replica.transaction", "one.db")).isEqualTo(transaction);
      assertThat(gauge(read, "stream.replica.snapshot.timestamp.seconds", "one.db"))
          .isBetween(Instant.now().getEpochSecond() - 60.0, Instant.now().getEpochSecond() + 1.0);
      assertThat(gauge(read, "stream.replica.last.success.timestamp.seconds", "one.db"))
          .isPositive();
      FunctionTimer stores =
          read.get("stream.replica.operation.duration").tag("operation", "store").functionTimer();
      assertThat(stores.count()).isGreaterThanOrEqualTo(2);
      assertThat(stores.totalTime(java.util.concurrent.TimeUnit.SECONDS)).isPositive();
      FunctionCounter begun =
          read.get("stream.generations").tag("cause", "nothing_known").functionCounter();
      assertThat(begun.count()).isEqualTo(1);
      assertThat(
              read.get("stream.replica.artefacts.stored")
                  .tag("kind", "snapshot")
                  .functionCounter()
                  .count())
          .isEqualTo(1);
      assertThat(gauge(registry, "stream.running", "other.db")).isZero();
      bound.close();
      assertThat(registry.find("stream.running").tag("database", tag("one.db")).gauge()).isNull();
      assertThat(gauge(registry, "stream.running", "other.db")).isZero();
    }
  }

  @Test
  void metersOutliveAStreamThatWasClosed() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    StreamConfig config = config("a.db");
    try (StreamController stream = StreamController.enable(config)) {
      StreamMetrics.bind(stream, registry);
    }
    assertThat(gauge(registry, "stream.running", "a.db")).isZero();
    assertThat(gauge(registry, "stream.local.transaction", "a.db")).isPositive();
  }

  /** As of a database in this JVM, which opens and closes; its meters are there before. */
  @Test
  void anObserverIsBoundBeforeTheDatabaseIsOpen() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    StreamMetrics.bind(Observer.of(config("a.db")), registry);
    assertThat(gauge(registry, "stream.running", "a.db")).isZero();
    assertThat(gauge(registry, "stream.replica.data.loss.window.seconds", "a.db")).isNaN();
  }

  /** Whoever binds in one line keeps nothing of what was bound. */
  @Test
  void metersLastThoughNobodyHoldsWhatWasBound() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (StreamController stream = controller("a.db")) {
      WeakReference<StreamMetrics> bound =
          new WeakReference<>(StreamMetrics.bind(stream, registry));
      while (bound.get() != null) {
        System.gc();
        Thread.onSpinWait();
      }
      stream.start();
      assertThat(gauge(registry, "stream.running", "a.db")).isEqualTo(1);
      assertThat(
              registry
                  .get("stream.generations")
                  .tag("cause", "nothing_known")
                  .functionCounter()
                  .count())
          .isEqualTo(1);
    }
  }

  /** The names that the command shows, the documents list and Micrometer makes are the same. */
  @Test
  void prometheusReadsTheNamesThatAreDocumented() throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (StreamController stream = controller("a.db")) {
      stream.start();
      StreamMetrics.bind(stream, registry);
      Set<String> scraped =
          Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$")
              .matcher(registry.scrape())
              .results()
              .map(line -> line.group(1) + " " + line.group(2))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> documented = new TreeSet<>();
      for (Metric metric : Metric.values()) {
        documented.add(
            metric.metricName()
                + (metric.type() == MetricType.COUNTER ? "_total " : " ")
                + metric.type().name().toLowerCase(java.util.Locale.ROOT));
      }
      assertThat(scraped).isEqualTo(documented);
      for (Meter meter : registry.getMeters()) {
        assertThat(meter.getId().getDescription()).isNotBlank();
        assertThat(meter.getId().getTag("database")).isEqualTo(tag("a.db"));
      }
    }
  }
}
