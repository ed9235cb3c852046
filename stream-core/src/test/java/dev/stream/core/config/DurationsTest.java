package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "5m, PT5M",
    "1h30m, PT1H30M",
    "250ms, PT0.25S",
    "1s250ms, PT1.25S",
    "24h, PT24H",
    "2d, PT48H",
    "1d2h3m4s5ms, PT26H3M4.005S",
    "90s, PT1M30S",
    "0s, PT0S",
    "PT1H30M, PT1H30M",
    "P1DT2H, PT26H",
    "pt0.5s, PT0.5S",
  })
  void durationsAreReadAsPeopleWriteThem(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "5", "m", "5 m", "5m ", "5M", "1.5h", "30m1h", "1m1m", "5min", "5p", "P", "PT",
        "٥m", "1h-5m", "+5m", "0x5m", "5us"
      })
  void anythingElseIsRefusedWithExamples(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("is not a duration, such as \"5m\", \"1h30m\", \"250ms\" or \"PT5M\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5m", "-1h30m", "PT-5M", "-PT5M"})
  void negativeDurationsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("is negative; a duration counts forwards");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "36501d",
        "9223372036854775807ms",
        "9223372036854775807d",
        "9223372036854775807s1ms",
        "99999999999999999999s",
        "P36501D"
      })
  void overlongDurationsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("is longer than a hundred years");
  }
}
