package dev.stream.core.shadow;

import java.util.Arrays;

/**
 * Merges the pages of a run of flushes into those of one segment: the last version of every page,
 * nothing above the final high-water mark.
 *
 * <p>A database may shrink and grow again within the run. A page that was cut off meanwhile has
 * lost its earlier versions; if it comes back without a frame it is all zeros, and the segment must
 * say so if the page existed before the run, or a restore would keep what it was then.
 */
final class SegmentPages {

  /** Offset of a page that is all zeros. */
  static final long ZEROS = -1;

  private static final int INDEX_BITS = 31;

  private final long parentMark;
  private long mark;
  private final LongList ids = new LongList();
  private final LongList offsets = new LongList();
  // Where the database shrank: number of versions before, and the mark it shrank to.
  private final LongList cutBefore = new LongList();
  private final LongList cutTo = new LongList();

  SegmentPages(long parentMark) {
    this.parentMark = parentMark;
    this.mark = parentMark;
  }

  int versions() {
    return ids.size();
  }

  void add(long id, long offset) {
    if (id >= 1L << (63 - INDEX_BITS)) {
      throw new IllegalArgumentException("page " + id + " is beyond what a log can index");
    }
    ids.add(id);
    offsets.add(offset);
  }

  /** Forgets the versions from {@code versions} on: their record is not whole. */
  void rollBack(int versions) {
    ids.cutTo(versions);
    offsets.cutTo(versions);
  }

  /** The versions from {@code versions} on belong to a flush with this high-water mark. */
  void flushed(int versions, long highWaterMark) {
    if (highWaterMark < mark) {
      cutBefore.add(versions);
      cutTo.add(highWaterMark);
    }
    mark = highWaterMark;
  }

  /** Takes the pages of a segment. */
  @FunctionalInterface
  interface Sink {
    /** Takes one page and where its last version is, or {@link #ZEROS}. */
    void page(long id, long offset) throws java.io.IOException;
  }

  /** The merged pages, ascending. */
  Merged merge() {
    long[] order = new long[ids.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = ids.get(i) << INDEX_BITS | i;
    }
    Arrays.sort(order);
    // The least mark the database had after cut i, from the last cut backwards.
    long[] leastAfter = new long[cutTo.size() + 1];
    leastAfter[cutTo.size()] = Long.MAX_VALUE;
    for (int i = cutTo.size() - 1; i >= 0; i--) {
      leastAfter[i] = Math.min(leastAfter[i + 1], cutTo.get(i));
    }
    Merged merged = new Merged();
    long zerosFrom = leastAfter[0];
    long zerosTo = Math.min(parentMark, mark);
    long nextZero = zerosFrom == Long.MAX_VALUE ? Long.MAX_VALUE : zerosFrom + 1;
    for (int i = 0; i < order.length; i++) {
      long id = order[i] >>> INDEX_BITS;
      if (i + 1 < order.length && order[i + 1] >>> INDEX_BITS == id) {
        continue;
      }
      int version = (int) (order[i] & (1L << INDEX_BITS) - 1);
      if (id > mark || id > leastAfter[firstCutAfter(version)]) {
        continue;
      }
      for (; nextZero < id && nextZero <= zerosTo; nextZero++) {
        merged.add(nextZero, ZEROS);
      }
      if (nextZero == id) {
        nextZero++;
      }
      merged.add(id, offsets.get(version));
    }
    for (; nextZero <= zerosTo; nextZero++) {
      merged.add(nextZero, ZEROS);
    }
    return merged;
  }

  /** The first cut that came after a version was added. */
  private int firstCutAfter(int version) {
    int low = 0;
    int high = cutBefore.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cutBefore.get(middle) > version) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The pages of a segment, ascending, with the offsets of their last versions. */
  static final class Merged {
    private final LongList pages = new LongList();
    private final LongList versions = new LongList();

    private void add(long id, long offset) {
      pages.add(id);
      versions.add(offset);
    }

    int count() {
      return pages.size();
    }

    void forEach(Sink sink) throws java.io.IOException {
      for (int i = 0; i < pages.size(); i++) {
        sink.page(pages.get(i), versions.get(i));
      }
    }
  }
}
