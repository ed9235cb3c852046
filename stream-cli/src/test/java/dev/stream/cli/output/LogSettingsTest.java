package dev.stream.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.SimpleDateFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the settings make of a log line. */
class LogSettingsTest {

  /** The logger formats with this class, and falls back to milliseconds if it refuses the form. */
  @Test
  void aLogLineBeginsWithADateAndATimeInAZone() {
    LogSettings.configure("warn");
    String form = System.getProperty("org.slf4j.simpleLogger.dateTimeFormat");
    assertThat(new SimpleDateFormat(form, Locale.ROOT).format(0L))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d)");
    assertThat(System.getProperty("org.slf4j.simpleLogger.showDateTime")).isEqualTo("true");
  }
}
