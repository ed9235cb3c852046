package dev.stream.cli.output;

import dev.stream.core.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts values the way people read them. */
public final class ValueFormat {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};

  private ValueFormat() {}

  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  public static String count(long number, String singular) {
    return count(number) + " " + singular + (number == 1 ? "" : "s");
  }

  public static String duration(Duration duration) {
    return Durations.show(duration);
  }

  /** Universal time to the second. */
  public static String time(@Nullable Instant instant) {
    return instant == null ? "unknown" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  public static @Nullable String iso(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  public static String range(long first, long last) {
    return first == last ? Long.toString(first) : first + "–" + last;
  }

  public static String checksum(long checksum) {
    return String.format(Locale.ROOT, "%016x", checksum);
  }
}
