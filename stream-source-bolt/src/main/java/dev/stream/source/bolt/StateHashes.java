package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What is known of the pages of a captured state: 64 bits of each, 8 bytes of heap. They are two
 * checksums, CRC-32 and CRC-32C, which the processor computes; a change that both overlook is as
 * likely as with any checksum of 64 bits. A page of zeros counts as 0. For use by one thread.
 */
final class StateHashes {

  /** How much of the heap may go into this. */
  private static final int SHARE = 8;

  private final CRC32 high = new CRC32();
  private final CRC32C low = new CRC32C();
  private final int pageSize;
  private final long zeros;
  private long[] hashes;
  private int pages;

  /**
   * Hashes of a state of which nothing is read yet.
   *
   * @throws IOException if the heap is too small for a database of this size
   */
  StateHashes(BoltMeta meta) throws IOException {
    requireRoom(meta);
    pageSize = meta.pageSize();
    pages = (int) meta.highWaterMark();
    hashes = new long[pages];
    zeros = checksum(ByteBuffer.allocate(pageSize));
  }

  /**
   * Whether there is memory for a state.
   *
   * @throws IOException if the heap is too small for a database of this size
   */
  static void requireRoom(BoltMeta meta) throws IOException {
    if (meta.highWaterMark() < 0 || meta.highWaterMark() >= Integer.MAX_VALUE) {
      throw new DamagedFileException(
          "the bolt database is said to have "
              + Long.toUnsignedString(meta.highWaterMark())
              + " pages, which cannot be");
    }
    long need = meta.highWaterMark() * Long.BYTES;
    long heap = Runtime.getRuntime().maxMemory();
    if (need > heap / SHARE) {
      throw new IOException(
          String.format(
              "a bolt database of %d pages needs a heap of %d MiB, and %d MiB are allowed: start"
                  + " Java with a greater -Xmx",
              meta.highWaterMark(), ((need * SHARE) >> 20) + 1, heap >> 20));
    }
  }

  private long checksum(ByteBuffer page) {
    high.reset();
    low.reset();
    high.update(page.duplicate());
    low.update(page);
    return high.getValue() << 32 | low.getValue();
  }

  /** Takes the bytes of a page, all that remain in the buffer. */
  void set(int page, ByteBuffer bytes) {
    hashes[page] = hash(bytes);
  }

  /** The hash of a page, all that remain in the buffer. */
  long hash(ByteBuffer bytes) {
    long hash = checksum(bytes);
    return hash == zeros ? 0 : hash;
  }

  /** Takes the hash of a page. */
  void put(int page, long hash) {
    hashes[page] = hash;
  }

  /** The state has so many pages from now on, not fewer than before; the new ones are zeros. */
  void grow(int to) {
    if (to > hashes.length) {
      hashes = Arrays.copyOf(hashes, to + to / 16);
    }
    pages = to;
  }

  /** The size of the state in pages. */
  int pages() {
    return pages;
  }

  int pageSize() {
    return pageSize;
  }

  /** Whether a page is the same in two states; beyond the end of one everything is zeros. */
  boolean same(int page, StateHashes other) {
    return of(page) == other.of(page);
  }

  /** The hash of a page; 0 for zeros, and beyond the end. */
  long of(int page) {
    return page < pages ? hashes[page] : 0;
  }

  /** Whether all pages are the same in two states. */
  boolean sameAs(StateHashes other) {
    return pageSize == other.pageSize
        && Arrays.equals(hashes, 0, pages, other.hashes, 0, other.pages);
  }
}
