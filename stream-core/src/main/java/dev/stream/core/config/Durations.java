package dev.stream.core.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 5m}, {@code 1h30m}, {@code 250ms}, or ISO-8601. */
public final class Durations {

  static final String EXAMPLES = "such as \"5m\", \"1h30m\", \"250ms\" or \"PT5M\"";

  /** Longer ones are slips of the pen, and overflow a count of nanoseconds sooner or later. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Pattern PART = Pattern.compile("([0-9]+)(d|h|ms|m|s)");
  private static final List<String> UNITS = List.of("d", "h", "m", "s", "ms");

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException saying what is wrong, without the text itself
   */
  public static Duration parse(String text) {
    Duration duration;
    try {
      duration = text.toUpperCase(Locale.ROOT).contains("P") ? Duration.parse(text) : parts(text);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("is not a duration, " + EXAMPLES);
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("is negative; a duration counts forwards");
    }
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("is longer than a hundred years");
    }
    return duration;
  }

  /** A duration as people read it, rounded: {@code 250 ms}, {@code 3.2 s}, {@code 4 min 10 s}. */
  public static String show(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    long minutes = duration.toMinutes();
    if (minutes < 60) {
      return minutes + " min " + duration.toSecondsPart() + " s";
    }
    return duration.toHours() + " h " + duration.toMinutesPart() + " min";
  }

  static void requirePositive(String key, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(key + " must be longer than zero");
    }
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(key + " is longer than a hundred years");
    }
  }

  private static Duration parts(String text) {
    boolean negative = text.startsWith("-");
    Matcher part = PART.matcher(text).region(negative ? 1 : 0, text.length());
    Duration sum = Duration.ZERO;
    int unit = -1;
    int end = part.regionStart();
    while (part.lookingAt()) {
      int next = UNITS.indexOf(part.group(2));
      if (next <= unit) { // each unit once, the largest first
        throw new IllegalArgumentException("is not a duration, " + EXAMPLES);
      }
      unit = next;
      sum = sum.plus(amount(part.group(1), part.group(2)));
      end = part.end();
      part.region(end, text.length());
    }
    if (unit < 0 || end != text.length()) {
      throw new IllegalArgumentException("is not a duration, " + EXAMPLES);
    }
    return negative ? sum.negated() : sum;
  }

  private static Duration amount(String digits, String unit) {
    long count;
    try {
      count = Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is longer than a hundred years");
    }
    try {
      return switch (unit) {
        case "d" -> Duration.ofDays(count);
        case "h" -> Duration.ofHours(count);
        case "m" -> Duration.ofMinutes(count);
        case "s" -> Duration.ofSeconds(count);
        default -> Duration.ofMillis(count);
      };
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("is longer than a hundred years");
    }
  }
}
