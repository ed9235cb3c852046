package dev.stream.source.bolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What one of the two first pages says: the state that the file was in after one transaction.
 *
 * @param pageSize bytes per page
 * @param flags unused by bolt, kept as they are
 * @param root first page of the root bucket
 * @param sequence the root bucket's counter
 * @param freelist first page of the list of free pages, or {@link #NO_FREELIST}
 * @param highWaterMark size of the database in pages
 * @param txId bolt's number of the transaction
 */
record BoltMeta(
    int pageSize,
    int flags,
    long root,
    long sequence,
    long freelist,
    long highWaterMark,
    long txId) {

  /** What stands for the list of free pages if the writer does not store it. */
  static final long NO_FREELIST = -1;

  /** Bytes of a page up to the end of its meta. */
  static final int BYTES = 80;

  static final int PAGE_HEADER = 16;
  static final int SMALLEST_PAGE = 4096;
  static final int LARGEST_PAGE = 65536;

  private static final int MAGIC = 0xED0CDAED;
  private static final int VERSION = 2;
  private static final short META_FLAG = 0x04;
  private static final int CHECKSUM = 72;
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** What is at the place of a meta: the meta, or why there is none. */
  record Finding(@Nullable BoltMeta meta, String fault) {

    private static Finding fault(String fault) {
      return new Finding(null, fault);
    }
  }

  /** Reads the page that begins at the buffer's position 0. */
  static Finding find(ByteBuffer page) {
    ByteBuffer in = page.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (in.limit() < BYTES) {
      return Finding.fault("the file ends before it");
    }
    int magic = in.getInt(PAGE_HEADER);
    if (magic == Integer.reverseBytes(MAGIC)) {
      return Finding.fault("it was written by a big-endian machine");
    }
    if (magic != MAGIC) {
      return Finding.fault("bolt's mark is not there");
    }
    if (in.getInt(20) != VERSION) {
      return Finding.fault("it is of format version " + in.getInt(20) + ", not " + VERSION);
    }
    if (in.getLong(CHECKSUM) != checksum(in)) {
      return Finding.fault("its checksum is wrong");
    }
    int pageSize = in.getInt(24);
    if (Integer.bitCount(pageSize) != 1 || pageSize < SMALLEST_PAGE || pageSize > LARGEST_PAGE) {
      return Finding.fault(
          "its page size is "
              + Integer.toUnsignedString(pageSize)
              + ", and Stream takes 4096 to 65536 bytes");
    }
    return new Finding(
        new BoltMeta(
            pageSize,
            in.getInt(28),
            in.getLong(32),
            in.getLong(40),
            in.getLong(48),
            in.getLong(56),
            in.getLong(64)),
        "");
  }

  /** Whether bolt's mark is where a first page has it, whoever wrote it. */
  static boolean isMarked(ByteBuffer page) {
    ByteBuffer in = page.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return in.limit() >= BYTES
        && (in.getInt(PAGE_HEADER) == MAGIC
            || in.getInt(PAGE_HEADER) == Integer.reverseBytes(MAGIC));
  }

  boolean hasFreelist() {
    return freelist != NO_FREELIST;
  }

  /** Which of the two first pages the writer puts this into. */
  int slot() {
    return (int) (txId & 1);
  }

  /** Whether this is a later transaction than another one; bolt counts without a sign. */
  boolean isAfter(BoltMeta other) {
    return Long.compareUnsigned(txId, other.txId) > 0;
  }

  /**
   * The two first pages of the canonical image: this meta where the writer puts it, and in the
   * other page the same state under the number before, as bolt's own backup ({@code Tx.WriteTo})
   * does it. So both lead to pages that are in the image, and bolt opens it at this transaction.
   */
  ByteBuffer firstPages() {
    ByteBuffer pages = ByteBuffer.allocate(2 * pageSize).order(ByteOrder.LITTLE_ENDIAN);
    put(pages, slot(), txId);
    if (txId != 0) {
      put(pages, 1 - slot(), txId - 1);
    }
    return pages;
  }

  private void put(ByteBuffer pages, int slot, long number) {
    ByteBuffer page = pages.slice(slot * pageSize, pageSize).order(ByteOrder.LITTLE_ENDIAN);
    page.putLong(0, slot).putShort(8, META_FLAG);
    page.putInt(PAGE_HEADER, MAGIC).putInt(20, VERSION).putInt(24, pageSize).putInt(28, flags);
    page.putLong(32, root).putLong(40, sequence).putLong(48, freelist);
    page.putLong(56, highWaterMark).putLong(64, number);
    page.putLong(CHECKSUM, checksum(page));
  }

  /** FNV-1a, 64 bits, of what comes before the checksum. */
  private static long checksum(ByteBuffer page) {
    long hash = FNV_BASIS;
    for (int i = PAGE_HEADER; i < CHECKSUM; i++) {
      hash = (hash ^ (page.get(i) & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
