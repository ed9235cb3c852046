package dev.stream.core.artefact;

import dev.stream.core.checksum.Xxh64;
import java.util.regex.Pattern;

/** How the format writes, reads and chains its checksums. */
final class Checksums {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{16}");

  private Checksums() {}

  static long of(byte[] data, int offset, int length) {
    return Xxh64.hash(data, offset, length, 0);
  }

  /** The checksum of a file up to and including one more section. */
  static long chain(long before, long section) {
    return Xxh64.hash(section, before);
  }

  static String hex(long checksum) {
    String digits = Long.toHexString(checksum);
    return "0".repeat(16 - digits.length()) + digits;
  }

  static long parse(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a checksum of 16 hex digits: " + hex);
    }
    return Long.parseUnsignedLong(hex, 16);
  }
}
