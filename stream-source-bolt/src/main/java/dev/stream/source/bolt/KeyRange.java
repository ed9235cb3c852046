package dev.stream.source.bolt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The keys that may be in a page, by what the pages above it say. Immutable. */
final class KeyRange {

  private final byte @Nullable [] least;
  private final byte @Nullable [] bound;

  /**
   * A range of keys.
   *
   * @param least the least key that may be there; null for any
   * @param bound the keys are less than this; null for any
   */
  KeyRange(byte @Nullable [] least, byte @Nullable [] bound) {
    this.least = least;
    this.bound = bound;
  }

  /** The part of this that begins with a key. */
  KeyRange from(byte @Nullable [] key) {
    return new KeyRange(key, bound);
  }

  /**
   * Whether a key may be there.
   *
   * @param former the key before it in the same page, which has to be less; null for none
   */
  boolean admits(byte @Nullable [] former, byte[] key) {
    return (former == null || Arrays.compareUnsigned(former, key) < 0)
        && (least == null || Arrays.compareUnsigned(least, key) <= 0)
        && (bound == null || Arrays.compareUnsigned(key, bound) < 0);
  }
}
