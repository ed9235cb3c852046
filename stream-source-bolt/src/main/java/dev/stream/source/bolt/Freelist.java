package dev.stream.source.bolt;

import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The pages that a stored list of free pages names. */
final class Freelist {

  /** So many entries do not fit into the count of a page, and the first entry is the count. */
  private static final int MANY = 0xFFFF;

  private Freelist() {}

  /**
   * The pages of a state that are not free. Bolt lists with each commit all that is free then, and
   * all that will be as soon as nobody reads older states; a later commit writes to no others, and
   * above the end. Pages that bolt has lost are in use in this sense.
   *
   * @return null if the program stores no list
   * @throws DamagedFileException if what is there is none
   */
  static @Nullable BitSet inUse(FileBytes file, BoltMeta meta) throws IOException {
    if (!meta.hasFreelist()) {
      return null;
    }
    PageRun page = new PageRun(file, meta.pageSize());
    page.load(meta.freelist(), meta.highWaterMark() - meta.freelist());
    BitSet inUse = new BitSet();
    inUse.set(0, (int) meta.highWaterMark());
    inUse.andNot(read(page, meta.highWaterMark()));
    return inUse;
  }

  /** Reads the list from its page, which is loaded. */
  static BitSet read(PageRun page, long highWaterMark) throws IOException {
    if (page.flags() != PageRun.FREELIST) {
      throw page.damaged("is no list of free pages, but of type " + page.flags());
    }
    long at = BoltMeta.PAGE_HEADER;
    long count = page.count();
    if (count == MANY) {
      count = page.longAt(at);
      at += Long.BYTES;
    }
    page.require(at, Math.multiplyExact(Math.min(count, Integer.MAX_VALUE), Long.BYTES));
    BitSet free = new BitSet();
    for (long i = 0; i < count; i++, at += Long.BYTES) {
      long id = page.longAt(at);
      if (id < 2 || id >= highWaterMark) {
        throw page.damaged("lists page " + Long.toUnsignedString(id) + " as free, which is none");
      }
      if (free.get((int) id)) {
        throw page.damaged("lists page " + id + " as free twice");
      }
      free.set((int) id);
    }
    return free;
  }
}
