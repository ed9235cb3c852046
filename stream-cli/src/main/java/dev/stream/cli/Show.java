package dev.stream.cli;

import dev.stream.core.config.Durations;
import dev.stream.core.state.ReachableState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts values the way people read them. */
final class Show {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};

  private Show() {}

  static String bytes(long bytes) {
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

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String count(long number, String singular) {
    return count(number) + " " + singular + (number == 1 ? "" : "s");
  }

  static String duration(Duration duration) {
    return Durations.show(duration);
  }

  /** Universal time to the second. */
  static String time(@Nullable Instant instant) {
    return instant == null ? "unknown" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static @Nullable String iso(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  /** A state as JSON. */
  static @Nullable Map<String, @Nullable Object> state(@Nullable ReachableState state) {
    if (state == null) {
      return null;
    }
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("generation", state.generation().value());
    tree.put("txId", state.txId());
    tree.put("committedAt", iso(state.committedAt()));
    return tree;
  }

  static String range(long first, long last) {
    return first == last ? Long.toString(first) : first + "–" + last;
  }

  static String checksum(long checksum) {
    return String.format(Locale.ROOT, "%016x", checksum);
  }
}
