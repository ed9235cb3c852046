package dev.stream.cli.output;

import dev.stream.core.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats values the way people read them. */
public final class ValueFormat {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};

  private ValueFormat() {}

  /** A number of bytes in the largest unit in which it is at least one, such as {@code 1.5 MiB}. */
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

  /** A number in groups of three digits. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A number and what it counts, whose plural ends with an s. */
  public static String count(long number, String singular) {
    return count(number) + " " + singular + (number == 1 ? "" : "s");
  }

  /** A duration in one or two units, such as {@code 1 min 1 s}. */
  public static String duration(Duration duration) {
    return Durations.show(duration);
  }

  /** Universal time to the second, for text; {@code unknown} for null. */
  public static String time(@Nullable Instant instant) {
    return instant == null ? "unknown" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Universal time as exact as it is known, for JSON; null for null. */
  public static @Nullable String iso(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  /** The first and the last of a run of transactions, or its only one. */
  public static String range(long first, long last) {
    return first == last ? Long.toString(first) : first + "–" + last;
  }

  /** A checksum as 16 hexadecimal digits. */
  public static String checksum(long checksum) {
    return String.format(Locale.ROOT, "%016x", checksum);
  }
}
