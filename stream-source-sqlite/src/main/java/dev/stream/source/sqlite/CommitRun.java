package dev.stream.source.sqlite;

import java.util.Arrays;

/**
 * A run of commits found in a log: which frame holds the newest version of each page.
 *
 * <p>An entry packs a page id (upper half) and a frame number (lower half), so that sorting the
 * array brings the versions of a page together, newest last: 8 bytes per frame, nothing else.
 */
final class CommitRun {

  private long[] entries = new long[256];
  private int scanned;
  private int committed;
  private long commits;
  private LogPosition end;
  private long leastMark = Long.MAX_VALUE;

  CommitRun(LogPosition start) {
    this.end = start;
  }

  void frame(long page, long frame) {
    if (scanned == entries.length) {
      entries = Arrays.copyOf(entries, entries.length * 2);
    }
    entries[scanned++] = pack(page, frame);
  }

  void commit(LogPosition position) {
    committed = scanned;
    commits++;
    end = position;
    leastMark = Math.min(leastMark, position.highWaterMark());
  }

  /** Number of transactions in the run. */
  long commits() {
    return commits;
  }

  /** The fewest pages the database had after any of the commits. */
  long leastMark() {
    return leastMark;
  }

  /** Where the run's last commit ends. */
  LogPosition end() {
    return end;
  }

  /** Entries of the committed part, in the order of the log. */
  long[] inLogOrder() {
    return Arrays.copyOf(entries, committed);
  }

  /** One entry per page, ascending by page, the newest frame of each. */
  long[] newestPerPage() {
    return newest(inLogOrder());
  }

  private static long[] newest(long[] all) {
    // Page ids use all 32 bits; flipping the sign makes the signed sort an unsigned one.
    for (int i = 0; i < all.length; i++) {
      all[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(all);
    int kept = 0;
    for (int i = 0; i < all.length; i++) {
      boolean last = i + 1 == all.length || all[i + 1] >>> 32 != all[i] >>> 32;
      if (last) {
        all[kept++] = all[i] ^ Long.MIN_VALUE;
      }
    }
    return Arrays.copyOf(all, kept);
  }

  static long pack(long page, long frame) {
    return page << 32 | frame;
  }

  static long page(long entry) {
    return entry >>> 32;
  }

  static long frameOf(long entry) {
    return entry & 0xFFFFFFFFL;
  }
}
