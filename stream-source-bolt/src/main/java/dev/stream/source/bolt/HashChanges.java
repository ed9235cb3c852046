package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What is new in a state since a known one, kept beside the hashes of that until it is certain that
 * the new one is what is known. For use by one thread.
 */
final class HashChanges {

  private final StateHashes known;
  private final BoltMeta meta;
  private int[] pages = new int[64];
  private long[] hashes = new long[64];
  private int count;

  /**
   * No changes yet.
   *
   * @throws IOException if the heap is too small for a database of this size
   */
  HashChanges(StateHashes known, BoltMeta meta) throws IOException {
    StateHashes.requireRoom(meta);
    this.known = known;
    this.meta = meta;
  }

  int pageSize() {
    return meta.pageSize();
  }

  /** Takes the bytes of a page, all that remain in the buffer; returns whether they differ. */
  boolean set(int page, ByteBuffer bytes) {
    return put(page, known.hash(bytes));
  }

  /** The page is zeros from now on; returns whether it was something else. */
  boolean gone(int page) {
    return put(page, 0);
  }

  private boolean put(int page, long hash) {
    if (known.of(page) == hash) {
      return false;
    }
    if (count == pages.length) {
      pages = Arrays.copyOf(pages, 2 * count);
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    pages[count] = page;
    hashes[count++] = hash;
    return true;
  }

  /** Makes the new state the known one. */
  void apply() {
    known.grow((int) meta.highWaterMark());
    for (int i = 0; i < count; i++) {
      known.put(pages[i], hashes[i]);
    }
  }
}
