package dev.stream.core.retention;

import java.time.Duration;

/** Puts durations the way a configuration has them. */
final class DurationText {

  private DurationText() {}

  /** Such as {@code 24h}, {@code 7d}, {@code 1h30m}; milliseconds at the finest. */
  static String duration(Duration duration) {
    if (duration.toHours() > 24 && duration.equals(Duration.ofDays(duration.toDays()))) {
      return duration.toDays() + "d";
    }
    StringBuilder text = new StringBuilder();
    part(text, duration.toHours(), "h");
    part(text, duration.toMinutesPart(), "m");
    part(text, duration.toSecondsPart(), "s");
    part(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void part(StringBuilder text, long number, String unit) {
    if (number > 0) {
      text.append(number).append(unit);
    }
  }
}
