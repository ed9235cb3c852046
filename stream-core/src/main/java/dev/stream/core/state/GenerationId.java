package dev.stream.core.state;

import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an unbroken line of transactions. It sorts by birth.
 *
 * @param value 16 hex digits of the birth in milliseconds since 1970, a dash, 8 random hex digits;
 *     lower case
 */
public record GenerationId(String value) implements Comparable<GenerationId> {

  private static final Pattern FORM = Pattern.compile("[0-7][0-9a-f]{15}-[0-9a-f]{8}");

  /** Validates the form. */
  public GenerationId {
    if (!isGenerationId(value)) {
      throw new IllegalArgumentException(
          "a generation is 16 hex digits, a dash and 8 hex digits in lower case: '" + value + "'");
    }
  }

  /** Whether a text has the form of a generation's name. */
  public static boolean isGenerationId(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * A new name that sorts after {@code after}, also if the clock was set back since.
   *
   * @param after the newest name in use, or null for none
   */
  public static GenerationId next(
      Clock clock, RandomGenerator random, @Nullable GenerationId after) {
    long millis = Math.max(0, clock.millis());
    if (after != null && millis <= after.millis()) {
      millis = after.millis() + 1;
    }
    return new GenerationId(String.format(Locale.ROOT, "%016x-%08x", millis, random.nextInt()));
  }

  /** When it was born, by the clock of the machine that named it. */
  public Instant bornAt() {
    return Instant.ofEpochMilli(millis());
  }

  private long millis() {
    return Long.parseLong(value, 0, 16, 16);
  }

  @Override
  public int compareTo(GenerationId other) {
    return value.compareTo(other.value);
  }

  // Both written out: what the compiler makes of a record takes a start some ten milliseconds to
  // link.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GenerationId id && value.equals(id.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
