package dev.stream.source.bolt;

import java.io.IOException;
import java.util.BitSet;

/**
 * What differs between the pages in use in two states, of which the earlier one was held until the
 * later one was. Bolt writes to no page that a transaction reaches which is held, so a page that
 * both reach is the same in both, and with it everything below it. What is read are the pages that
 * only the later one reaches, and, to learn which are no more in use, those that only the earlier
 * one did. Of a large database that is little, so that the set of its pages is neither copied nor
 * gone through. The metas are in both.
 *
 * @param fresh what only the later one reaches
 * @param gone what only the earlier one did, or where the later one has something else
 */
record Overlap(BitSet fresh, BitSet gone) {

  /** Whether one state may follow another in this way; a bolt file never gets fewer pages. */
  static boolean isPossible(BoltMeta earlier, BoltMeta later) {
    return later.isAfter(earlier)
        && later.pageSize() == earlier.pageSize()
        && later.highWaterMark() >= earlier.highWaterMark();
  }

  /**
   * Reads it. Both transactions have to be held, which is to be proven afterwards.
   *
   * @param inUse the pages that the earlier one reaches. There may be others among them, if no
   *     commit after it can write to these
   * @param sink takes the pages that only the later one reaches
   * @throws DamagedFileException if the two states do not fit each other
   */
  static Overlap between(
      FileBytes file, BoltMeta earlier, BoltMeta later, BitSet inUse, PageSink sink)
      throws IOException {
    Walk now = new Walk(file, later, sink, false, inUse);
    now.run();
    // Where the earlier tree meets what the later one has of it, there is nothing but that below.
    Walk before = new Walk(file, earlier, (first, pages) -> {}, false, now.met());
    before.run();
    BitSet fresh = now.reached();
    BitSet gone = before.reached();
    fresh.clear(0, 2);
    gone.clear(0, 2);
    Overlap overlap = new Overlap(fresh, gone);
    if (!before.met().equals(now.met()) || overlap.isInUseTwice(inUse)) {
      throw new DamagedFileException(
          file.path() + " has pages in use in which its last two states do not agree");
    }
    now.requireNotFree(page -> overlap.isInUse(inUse, page));
    gone.andNot(fresh);
    return overlap;
  }

  /** Whether what is new was in use, and still is. */
  private boolean isInUseTwice(BitSet inUse) {
    for (int page = fresh.nextSetBit(0); page >= 0; page = fresh.nextSetBit(page + 1)) {
      if (inUse.get(page) && !gone.get(page)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a page is in use in the later state. */
  private boolean isInUse(BitSet inUse, int page) {
    return fresh.get(page) || (inUse.get(page) && !gone.get(page));
  }

  /** Makes of the pages in use in the earlier state those of the later one. */
  void apply(BitSet inUse) {
    inUse.andNot(gone);
    inUse.or(fresh);
  }
}
