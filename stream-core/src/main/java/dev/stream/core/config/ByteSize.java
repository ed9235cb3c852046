package dev.stream.core.config;

import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, as people write it: {@code 8GiB}, {@code 64MiB}, {@code 500MB}. */
record ByteSize(long bytes) {

  static final String EXAMPLES = "such as \"64MiB\", \"8GiB\" or a number of bytes";

  private static final Pattern SIZE = Pattern.compile("([0-9]+) ?([A-Za-z]*)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "B", 1L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30,
          "TiB", 1L << 40,
          "kB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "TB", 1_000_000_000_000L);

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException saying what is wrong, without the text itself
   */
  static ByteSize parse(String text) {
    Matcher size = SIZE.matcher(text);
    Long unit = size.matches() ? UNITS.get(size.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("is not a size, " + EXAMPLES);
    }
    BigInteger bytes = new BigInteger(size.group(1)).multiply(BigInteger.valueOf(unit));
    if (bytes.bitLength() > 63) {
      throw new IllegalArgumentException("is more bytes than can be counted");
    }
    return new ByteSize(bytes.longValue());
  }
}
