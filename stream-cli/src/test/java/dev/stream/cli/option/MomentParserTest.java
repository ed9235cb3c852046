package dev.stream.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ExitCode;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentParserTest {

  private static final Instant NOW = Instant.parse("2026-05-03T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "2026-05-01T12:00:00Z, 2026-05-01T12:00:00Z",
    "2026-05-01T12:00:00.123456Z, 2026-05-01T12:00:00.123456Z",
    "2026-05-01T12:00Z, 2026-05-01T12:00:00Z",
    "2026-05-01 12:00:00Z, 2026-05-01T12:00:00Z",
    "2026-05-01T14:00:00+02:00, 2026-05-01T12:00:00Z",
    "-10m, 2026-05-03T09:50:00Z",
    "-1h30m, 2026-05-03T08:30:00Z",
    "-2d, 2026-05-01T10:00:00Z",
    "-1d1h1m1s, 2026-05-02T08:58:59Z",
    "-90s, 2026-05-03T09:58:30Z",
  })
  void readsWhatPeopleWrite(String text, Instant moment) throws CommandFailure {
    assertThat(MomentParser.parse("--at", text, NOW)).isEqualTo(moment);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-01T12:00:00, 'Write 2026-05-01T12:00:00Z', 2026-05-01T12:00:00+02:00",
    "2026-05-01T12:00, 'Write 2026-05-01T12:00:00Z', 2026-05-01T12:00:00+02:00",
    "2026-05-01, 'Write 2026-05-01T12:00:00Z', in which zone",
    "yesterday, such as -10m, such as 2026-05-01T12:00:00Z",
    "-, no moment, --at -:",
    "10m, no moment, such as -10m",
    "-10, no moment, such as -10m",
    "-10m1h, no moment, -1h30m or -2d",
    "-999999999999d, no moment, -1h30m or -2d",
    "-999999999d999999999d, no moment, -1h30m or -2d",
  })
  void refusesTheRestWithAnExample(String text, String says, String too) {
    CommandFailure refused =
        catchThrowableOfType(CommandFailure.class, () -> MomentParser.parse("--at", text, NOW));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused).hasMessageContaining(text).hasMessageContaining(says);
    assertThat(refused).hasMessageContaining(too);
  }

  @Test
  void aTimeTooLongAgoForAnyClockIsRefused() {
    assertThat(
            catchThrowableOfType(
                CommandFailure.class, () -> MomentParser.parse("--at", "-999999999d", Instant.MIN)))
        .hasMessageContaining("no moment");
  }
}
