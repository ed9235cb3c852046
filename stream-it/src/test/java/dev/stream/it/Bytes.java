package dev.stream.it;

import java.util.Arrays;

/** Compares databases. */
public final class Bytes {

  private Bytes() {}

  /** Asserts that two are the same, saying where they differ instead of showing both. */
  public static void assertSame(String what, byte[] found, byte[] expected) {
    int at = Arrays.mismatch(found, expected);
    if (at >= 0) {
      throw new AssertionError(
          "%s: %d bytes, expected %d; they differ at %d"
              .formatted(what, found.length, expected.length, at));
    }
  }
}
