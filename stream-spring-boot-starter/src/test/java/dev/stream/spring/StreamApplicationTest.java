package dev.stream.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Applications as they start and end, with the Spring Boot of this run. */
final class StreamApplicationTest {

  @TempDir private Path folder;

  private Path data;
  private final Map<String, Object> properties = new LinkedHashMap<>();

  @BeforeEach
  void prepare() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
  }

  private void replicate(String type) {
    properties.put(
        "spring.datasource.url",
        type.equals("h2") ? TestApplication.h2(data) : TestApplication.sqlite(data));
    properties.put("stream.replicas[0].type", "file");
    properties.put("stream.replicas[0].path", folder.resolve("backup"));
    properties.put("stream.restore.enabled", true);
  }

  private void loseTheDisk() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    Files.createDirectory(data);
  }

  private FailureAnalysis failure() {
    Throwable thrown = catchThrowable(() -> TestApplication.start(properties).close());
    assertThat(thrown).isNotNull();
    FailureAnalysis analysis = new StreamFailureAnalyzer().analyze(thrown);
    assertThat(analysis).as("%s", thrown).isNotNull();
    return analysis;
  }

  @Test
  void isTheSpringBootThatIsToBeTested() {
    assertThat(SpringBootVersion.getVersion())
        .isEqualTo(System.getProperty("spring-boot.expected"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "h2"})
  void losesNothingThatBeansWriteUntilTheEnd(String type) throws Exception {
    replicate(type);
    try (TestApplication application = TestApplication.start(properties)) {
      application.notes().create();
      application.notes().write("first");
      application.sync();
      application.notes().write("second");
    }
    loseTheDisk();

    try (TestApplication application = TestApplication.start(properties)) {
      assertThat(application.notes().read())
          .containsExactly("first", "second", TestApplication.LAST_WORDS);
      application.sync();
    }
  }

  @Test
  void restoresTheDatabaseAlsoIfItIsNamedAsWhatIsToBeRestored() throws Exception {
    replicate("sqlite");
    properties.put("stream.restore.target-path", data.resolve("../data/app.db"));
    try (TestApplication application = TestApplication.start(properties)) {
      application.notes().create();
      application.notes().write("first");
    }
    loseTheDisk();

    try (TestApplication application = TestApplication.start(properties)) {
      assertThat(application.notes().read()).containsExactly("first", TestApplication.LAST_WORDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "h2"})
  void tellsHowItGoesToTheActuator(String type) throws Exception {
    replicate(type);
    properties.put("management.endpoints.web.exposure.include", "stream");
    properties.put("management.endpoints.jmx.exposure.include", "stream");
    properties.put("spring.jmx.enabled", true);
    try (TestApplication application = TestApplication.start(properties)) {
      assertThat(health(application)).startsWith("UNKNOWN ").contains("not opened its database");
      application.notes().create();
      application.sync();
      assertThat(health(application)).startsWith("UP ").contains("dataLossWindow=PT0S");
      StreamEndpoint endpoint = application.context().getBean(StreamEndpoint.class);
      assertThat(endpoint.status())
          .containsEntry("healthy", true)
          .containsEntry("capturing", true)
          .containsEntry("problems", List.of());
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      application.context().getBeanProvider(MeterBinder.class).forEach(b -> b.bindTo(registry));
      assertThat(registry.getMeters())
          .extracting(meter -> meter.getId().getName())
          .anyMatch(name -> name.startsWith("stream.replica."));
    }
  }

  /** What is in either package is called by the same names. */
  private static String health(TestApplication application) throws Exception {
    Object indicator = application.context().getBean("streamHealthIndicator");
    Object health = indicator.getClass().getDeclaredMethod("health").invoke(indicator);
    return health.toString();
  }

  @Test
  void isOffWithoutReplicasAndIfItIsSwitchedOff() {
    properties.put("spring.datasource.url", TestApplication.sqlite(data));
    try (TestApplication application = TestApplication.start(properties)) {
      assertThat(application.context().getBeanProvider(DatabaseReplication.class).stream())
          .isEmpty();
      application.notes().create();
    }
    replicate("sqlite");
    properties.put("stream.enabled", false);
    try (TestApplication application = TestApplication.start(properties)) {
      assertThat(application.context().getBeanProvider(DatabaseReplication.class).stream())
          .isEmpty();
      assertThat(application.context().containsBean("streamHealthIndicator")).isFalse();
    }
    assertThat(folder.resolve("backup")).doesNotExist();
  }

  @Test
  void readsAConfigurationFile() throws Exception {
    Path json =
        Files.writeString(
            folder.resolve("stream.json"),
            """
            {
              "database": {"type": "sqlite", "path": "%1$s/data/app.db"},
              "shadowDir": "%1$s/data/shadow",
              "replicas": [{"type": "file", "path": "%1$s/backup"}]
            }
            """
                .formatted(folder));
    properties.put("spring.datasource.url", TestApplication.sqlite(data));
    properties.put("stream.config", "file:" + json);
    try (TestApplication application = TestApplication.start(properties)) {
      application.notes().create();
      application.sync();
    }
    assertThat(data.resolve("shadow")).isDirectory();

    properties.put("stream.sync-interval", "2s");
    assertThat(failure().getDescription())
        .contains("stream.config names a file")
        .contains("syncInterval");
  }

  @Test
  void takesPropertiesHoweverTheyAreSpelt() {
    replicate("sqlite");
    properties.put("stream.SHADOW_DIR", data.resolve("there"));
    properties.put("stream.shadowSync", "true");
    properties.put("stream.compaction.levels", "30s,5m");
    properties.put("stream.compression.level", "5");
    properties.put("stream.drill.assert[0]", "SELECT count(*) >= 0 FROM notes");
    properties.put("stream.database.type", "sqlite");
    properties.put("stream.database.path", data.resolve("app.db"));
    properties.put("stream.database.network-file-system", "true");
    properties.put("stream.shadow-limit", "1GiB");
    try (TestApplication application = TestApplication.start(properties)) {
      var config = application.context().getBean(dev.stream.core.config.StreamConfig.class);
      assertThat(config.toString())
          .contains("there")
          .contains("\"shadowSync\":true")
          .contains("PT30S", "PT5M")
          .contains("\"level\":5")
          .contains("\"networkFileSystem\":true")
          .contains("1073741824")
          .contains("SELECT count(*)");
      application.notes().create();
    }
  }

  @Test
  void saysPlainlyWhatIsWrongWithTheProperties() {
    replicate("sqlite");
    properties.put("stream.replicas[0].pth", "x");
    properties.put("stream.sync-interval", "soon");
    properties.put("stream.replicas[1].type", "flie");
    FailureAnalysis analysis = failure();
    assertThat(analysis.getDescription())
        .contains("the properties stream.*: 3 problems")
        .contains("replicas[0].pth: is not a known key")
        .contains("syncInterval: \"soon\"")
        .contains("replicas[1].type")
        .contains("file");
    assertThat(analysis.getAction()).contains("Correct the configuration");
  }

  @Test
  void refusesAPropertyThatNobodyKnows() {
    replicate("sqlite");
    properties.put("stream.sink-interval", "1s");
    Throwable thrown = catchThrowable(() -> TestApplication.start(properties).close());
    assertThat(thrown).rootCause().hasMessageContaining("stream.sink-interval");
  }

  @Test
  void saysThatH2NeedsTheScheme() {
    replicate("h2");
    properties.put("spring.datasource.url", "jdbc:h2:" + data.resolve("app"));
    FailureAnalysis analysis = failure();
    assertThat(analysis.getDescription()).contains("spring.datasource.url lacks \"stream:\"");
    assertThat(analysis.getAction()).contains("stream.database");
    assertThat(data).isEmptyDirectory();
  }

  /** An empty database in place of the one that is lost would be the worst answer. */
  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "h2"})
  void doesNotStartIfWhatIsLostCannotBeRestored(String type) throws Exception {
    replicate(type);
    try (TestApplication application = TestApplication.start(properties)) {
      application.notes().create();
      application.sync();
    }
    loseTheDisk();
    Path backup = folder.resolve("backup");
    Files.move(backup, folder.resolve("away"));
    Files.writeString(backup, "no folder");

    FailureAnalysis analysis = failure();
    assertThat(analysis.getDescription()).contains("backup");
    assertThat(analysis.getAction()).contains("stream.enabled=false");
    assertThat(data.resolve("app.db")).doesNotExist();
    assertThat(data.resolve("app.mv.db")).doesNotExist();
  }
}
