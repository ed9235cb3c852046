package dev.stream.core.shadow;

import java.util.Arrays;

/**
 * The hash of every page of a database, and their XOR, the database checksum. Costs 8 bytes of heap
 * per page: 2 MiB for a database of 1 GiB with 4 KiB pages. For use by one thread at a time.
 */
public final class PageHashTable {

  private static final int CHUNK_BITS = 14;
  private static final int CHUNK = 1 << CHUNK_BITS;

  private long[][] chunks = new long[0][];
  private long checksum;
  // No page after it has a hash, so that a commit which cuts off nothing looks through nothing.
  private long lastSet;

  /** XOR of all hashes. */
  public long checksum() {
    return checksum;
  }

  /** The hash of a page; 0 for a page that was never set. */
  public long get(long pageId) {
    int chunk = (int) (pageId >>> CHUNK_BITS);
    return chunk < chunks.length && chunks[chunk].length > 0
        ? chunks[chunk][(int) pageId & (CHUNK - 1)]
        : 0;
  }

  /** Replaces the hash of a page. */
  public void set(long pageId, long hash) {
    long before = get(pageId);
    if (before == hash) {
      return;
    }
    int chunk = (int) (pageId >>> CHUNK_BITS);
    if (chunk >= chunks.length) {
      int former = chunks.length;
      chunks = Arrays.copyOf(chunks, Math.max(chunk + 1, former + (former >> 1)));
      Arrays.fill(chunks, former, chunks.length, new long[0]);
    }
    if (chunks[chunk].length == 0) {
      chunks[chunk] = new long[CHUNK];
    }
    chunks[chunk][(int) pageId & (CHUNK - 1)] = hash;
    checksum ^= before ^ hash;
    lastSet = Math.max(lastSet, pageId);
  }

  /** The pages up to {@code highWaterMark} whose hash is another one in {@code other}. */
  public PageSet differing(PageHashTable other, long highWaterMark) {
    PageSet differing = new PageSet();
    long end = Math.min(highWaterMark, Math.max(lastSet, other.lastSet));
    for (long id = 1; id <= end; id++) {
      if (get(id) != other.get(id)) {
        differing.add(id);
      }
    }
    return differing;
  }

  /** XOR of the hashes of the pages after {@code highWaterMark}. */
  public long checksumAbove(long highWaterMark) {
    if (highWaterMark >= lastSet) {
      return 0;
    }
    long sum = 0;
    int chunk = (int) ((highWaterMark + 1) >>> CHUNK_BITS);
    int from = (int) (highWaterMark + 1) & (CHUNK - 1);
    for (; chunk < chunks.length; chunk++, from = 0) {
      long[] hashes = chunks[chunk];
      for (int i = from; i < hashes.length; i++) {
        sum ^= hashes[i];
      }
    }
    return sum;
  }

  /** Forgets the pages after {@code highWaterMark}. */
  public void truncate(long highWaterMark) {
    if (highWaterMark >= lastSet) {
      return;
    }
    checksum ^= checksumAbove(highWaterMark);
    lastSet = highWaterMark;
    int chunk = (int) ((highWaterMark + 1) >>> CHUNK_BITS);
    if (chunks[chunk].length > 0) {
      Arrays.fill(chunks[chunk], (int) (highWaterMark + 1) & (CHUNK - 1), CHUNK, 0);
    }
    Arrays.fill(chunks, chunk + 1, chunks.length, new long[0]);
  }
}
