package dev.stream.core.capture;

import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.state.GenerationId;
import java.io.IOException;

/** What was known of neighbouring pages at one captured state. */
final class KnownSlice {

  private final GenerationId generation;
  private final DatabaseState state;
  private final long[] hashes;

  /** Copies from a table; for use with capture's lock held. */
  KnownSlice(
      GenerationId generation,
      DatabaseState state,
      PageHashTable table,
      long firstPageId,
      int count)
      throws IOException {
    this.generation = generation;
    this.state = state;
    this.hashes = new long[count];
    for (int i = 0; i < count; i++) {
      hashes[i] = table.get(firstPageId + i);
    }
  }

  /** The generation captured then. */
  GenerationId generation() {
    return generation;
  }

  /** The state. */
  DatabaseState state() {
    return state;
  }

  /** The hash of one of the pages, from 0; 0 for those after the state's end. */
  long hash(int index) {
    return hashes[index];
  }
}
