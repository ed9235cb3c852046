package dev.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, wrong usage, and how values are shown. */
class UsageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replicate",
        "restore",
        "status",
        "list",
        "verify",
        "snapshot",
        "prune",
        "pin",
        "unpin",
        "check",
        "plugins",
        "demo"
      })
  void helpTeachesWithExamples(String command) {
    Invocation help = Invocation.of(command, "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("Usage: stream " + command, "Examples:", "--verbose");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void theWholeHelpListsEveryVisibleCommandAndTheExitCodes() {
    Invocation help = Invocation.of("--help");
    assertThat(help.out()).contains("replicate", "demo", "Exit codes").doesNotContain("demo-sql");
  }

  @Test
  void aMisspelledCommandIsCorrected() {
    Invocation wrong = Invocation.of("verfy");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("verfy").contains("did you mean verify");
    assertThat(wrong.out()).isEmpty();
  }

  @Test
  void withoutACommandItSaysWhatIsMissing() {
    Invocation nothing = Invocation.of();
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("stream --help");
  }

  @Test
  void wrongUsageIsJsonWhereJsonWasAskedFor() throws Exception {
    Invocation wrong = Invocation.of("list", "--json");
    assertThat(wrong.exit()).isEqualTo(2);
    JsonNode error = Json.mapper().readTree(wrong.out()).path("error");
    assertThat(error.path("exitCode").asInt()).isEqualTo(2);
    assertThat(error.path("message").asText()).contains("--from=DIR");
  }

  @Test
  void valuesReadAsPeopleReadThem() {
    assertThat(Show.bytes(0)).isEqualTo("0 B");
    assertThat(Show.bytes(1023)).isEqualTo("1023 B");
    assertThat(Show.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Show.bytes(200L << 30)).isEqualTo("200 GiB");
    assertThat(Show.duration(Duration.ofMillis(999))).isEqualTo("999 ms");
    assertThat(Show.duration(Duration.ofMillis(1500))).isEqualTo("1.5 s");
    assertThat(Show.duration(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
    assertThat(Show.duration(Duration.ofHours(25))).isEqualTo("25 h 0 min");
    assertThat(Show.time(Instant.ofEpochMilli(1999))).isEqualTo("1970-01-01T00:00:01Z");
    assertThat(Show.time(null)).isEqualTo("unknown");
    assertThat(Show.count(1, "segment")).isEqualTo("1 segment");
    assertThat(Show.count(1200, "segment")).isEqualTo("1,200 segments");
    assertThat(Show.range(4, 4)).isEqualTo("4");
  }
}
