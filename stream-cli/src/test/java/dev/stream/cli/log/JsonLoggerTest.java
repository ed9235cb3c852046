package dev.stream.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A program can read what is logged. */
final class JsonLoggerTest {

  private static JsonNode read(String line) throws Exception {
    assertThat(line).doesNotContain("\n", "\r");
    return new ObjectMapper().readTree(line);
  }

  @Test
  void aLineIsAnObjectWhateverTheMessageHolds() throws Exception {
    String message = "a \"b\" \\ \n\t\u0001 ü €";
    JsonNode line = read(JsonLine.of("WARN", "dev.stream.X", message, null));
    assertThat(line.path("message").asText()).isEqualTo(message);
    assertThat(line.path("level").asText()).isEqualTo("WARN");
    assertThat(line.path("logger").asText()).isEqualTo("dev.stream.X");
    assertThat(Instant.parse(line.path("time").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(line.has("stackTrace")).isFalse();
  }

  @Test
  void aStackTraceIsInTheSameLine() throws Exception {
    JsonNode line = read(JsonLine.of("ERROR", "x", "failed", new IllegalStateException("why")));
    assertThat(line.path("stackTrace").asText())
        .contains("IllegalStateException: why", "\n", "JsonLoggerTest");
  }

  @Test
  void theLevelOfTheNearestPackageCounts() {
    String prefix = "org.slf4j.simpleLogger.log.";
    System.setProperty(prefix + "org.example", "error");
    System.setProperty(prefix + "org.example.quiet", "off");
    System.setProperty(prefix + "org.example.odd", "no such level");
    try {
      JsonLogProvider provider = new JsonLogProvider();
      assertThat(provider.getLogger("org.example.A").isErrorEnabled()).isTrue();
      assertThat(provider.getLogger("org.example.A").isWarnEnabled()).isFalse();
      assertThat(provider.getLogger("org.example.quiet.A").isErrorEnabled()).isFalse();
      assertThat(provider.getLogger("org.example.odd.A").isInfoEnabled()).isTrue();
      assertThat(provider.getLogger("org.example.odd.A").isDebugEnabled()).isFalse();
    } finally {
      System.clearProperty(prefix + "org.example");
      System.clearProperty(prefix + "org.example.quiet");
      System.clearProperty(prefix + "org.example.odd");
    }
  }
}
