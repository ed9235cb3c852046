package dev.stream.core.read;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which pages have been found while going from new to old: the newest version of a page wins, and
 * pages above a later, smaller size of the database are gone. Takes a bit per page. For one thread.
 */
public final class PageClaims {

  private static final int SHARD_BITS = 24;

  private final List<BitSet> shards = new ArrayList<>();
  private long limit = Long.MAX_VALUE;

  /** The database had this size after the artefact that comes next. */
  public void limit(long highWaterMark) {
    limit = Math.min(limit, highWaterMark);
  }

  /** Claims a page; false if a newer version has it, or it was cut off later. */
  boolean claim(long pageId) {
    if (pageId > limit) {
      return false;
    }
    int shard = Math.toIntExact(pageId >>> SHARD_BITS);
    while (shards.size() <= shard) {
      shards.add(new BitSet());
    }
    BitSet bits = shards.get(shard);
    int bit = (int) pageId & ((1 << SHARD_BITS) - 1);
    if (bits.get(bit)) {
      return false;
    }
    bits.set(bit);
    return true;
  }

  /** Claims all pages of a run that nobody has. */
  public void claimAll(long first, long last) {
    limit = Math.max(limit, last);
    for (long pageId = first; pageId <= last; pageId++) {
      boolean unused = claim(pageId);
    }
  }

  /** The smallest claimed page from one on; 0 if there is none. */
  public long next(long pageId) {
    int from = (int) pageId & ((1 << SHARD_BITS) - 1);
    for (long shard = pageId >>> SHARD_BITS; shard < shards.size(); shard++) {
      int found = shards.get((int) shard).nextSetBit(from);
      if (found >= 0) {
        return (shard << SHARD_BITS) + found;
      }
      from = 0;
    }
    return 0;
  }
}
