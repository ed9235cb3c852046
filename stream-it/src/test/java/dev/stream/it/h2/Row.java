package dev.stream.it.h2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a row of a writer's table holds beside its key. */
@SuppressWarnings("ArrayRecordComponent") // never compared but by its digest
record Row(int n, String text, byte @Nullable [] data) {

  /** A number for the row under its key; a table's is the sum over its rows. */
  long digest(int id) {
    long hash = id;
    for (int part : new int[] {n, text.hashCode(), Arrays.hashCode(data)}) {
      hash = (hash ^ part) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
