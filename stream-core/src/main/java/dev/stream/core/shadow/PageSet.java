package dev.stream.core.shadow;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A set of page ids, a bit for each page up to the last one in it: 3 MiB for a database of 100 GiB
 * with 4 KiB pages. For use by one thread at a time.
 */
public final class PageSet {

  /** Takes neighbouring pages. */
  @FunctionalInterface
  public interface Runs {
    /** Takes {@code count} pages from {@code firstId} on. */
    void run(long firstId, long count) throws IOException;
  }

  // Ids have 32 bits, of which a bit set takes no more than 31.
  private static final int PART_BITS = 30;

  private BitSet[] parts = new BitSet[0];
  private long size;

  /** Adds a page. */
  public void add(long id) {
    int part = (int) (id >>> PART_BITS);
    if (part >= parts.length) {
      int former = parts.length;
      parts = Arrays.copyOf(parts, part + 1);
      for (int i = former; i < parts.length; i++) {
        parts[i] = new BitSet();
      }
    }
    int bit = (int) id & ((1 << PART_BITS) - 1);
    if (!parts[part].get(bit)) {
      parts[part].set(bit);
      size++;
    }
  }

  /** Whether a page is in it. */
  public boolean has(long id) {
    int part = (int) (id >>> PART_BITS);
    return part < parts.length && parts[part].get((int) id & ((1 << PART_BITS) - 1));
  }

  /** Takes all pages out. */
  public void clear() {
    for (BitSet part : parts) {
      part.clear();
    }
    size = 0;
  }

  /** How many pages are in it. */
  public long size() {
    return size;
  }

  /** Hands over the pages, ascending, in runs of neighbours. */
  public void forEachRun(Runs runs) throws IOException {
    for (int part = 0; part < parts.length; part++) {
      BitSet bits = parts[part];
      int from = bits.nextSetBit(0);
      while (from >= 0) {
        int to = bits.nextClearBit(from);
        runs.run(((long) part << PART_BITS) + from, (long) to - from);
        from = bits.nextSetBit(to);
      }
    }
  }
}
