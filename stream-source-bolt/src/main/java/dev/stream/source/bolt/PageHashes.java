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
final class PageHashes {

  /** How much of the heap may go into this. */
  private static final int SHARE = 8;

  private final CRC32 high = new CRC32();
  private final CRC32C low = new CRC32C();
  private final int pageSize;
  private final long zeros;
  private final long[] hashes;

  /**
   * Hashes of a state of which nothing is read yet.
   *
   * @throws IOException if the heap is too small for a database of this size
   */
  PageHashes(BoltMeta meta) throws IOException {
    long need = meta.highWaterMark() * Long.BYTES;
    long heap = Runtime.getRuntime().maxMemory();
    if (need > heap / SHARE) {
      throw new IOException(
          String.format(
              "a bolt database of %d pages needs a heap of %d MiB, and %d MiB are allowed: start"
                  + " Java with a greater -Xmx",
              meta.highWaterMark(), ((need * SHARE) >> 20) + 1, heap >> 20));
    }
    pageSize = meta.pageSize();
    hashes = new long[(int) meta.highWaterMark()];
    zeros = checksum(ByteBuffer.allocate(pageSize));
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
    long hash = checksum(bytes);
    hashes[page] = hash == zeros ? 0 : hash;
  }

  /** The size of the state in pages. */
  int pages() {
    return hashes.length;
  }

  int pageSize() {
    return pageSize;
  }

  /** Whether a page is the same in two states; beyond the end of one everything is zeros. */
  boolean same(int page, PageHashes other) {
    return of(page) == other.of(page);
  }

  private long of(int page) {
    return page < hashes.length ? hashes[page] : 0;
  }

  /** Whether all pages are the same in two states. */
  boolean sameAs(PageHashes other) {
    return pageSize == other.pageSize && Arrays.equals(hashes, other.hashes);
  }
}
