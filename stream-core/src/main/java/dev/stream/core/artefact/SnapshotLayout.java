package dev.stream.core.artefact;

import java.util.Arrays;

/**
 * What the bytes of a snapshot are, without its blocks, which are made again from the database's
 * pages when they are needed: where each one lies and its checksum. Takes 30 bytes for a block of
 * 256 KiB. Immutable.
 */
public final class SnapshotLayout {

  private final ArtefactHeader header;
  private final byte[] head;
  private final long[] ends;
  private final long[] checksums;
  private final byte[] tail;

  SnapshotLayout(ArtefactHeader header, byte[] head, long[] ends, long[] checksums, byte[] tail) {
    this.header = header;
    this.head = head;
    this.ends = ends;
    this.checksums = checksums;
    this.tail = tail;
  }

  /** The header, with the totals. */
  public ArtefactHeader header() {
    return header;
  }

  /** Length of the snapshot in bytes. */
  public long size() {
    return blocksEnd() + tail.length;
  }

  /** Its last bytes: as many as asked for, or as come after its blocks. */
  public byte[] end(int length) {
    return Arrays.copyOfRange(tail, Math.max(0, tail.length - length), tail.length);
  }

  /** Number of blocks. */
  public int blocks() {
    return ends.length;
  }

  /** Where a block begins. */
  public long blockStart(int block) {
    return block == 0 ? head.length : ends[block - 1];
  }

  /** Length of a block as it is stored. */
  public int blockLength(int block) {
    return Math.toIntExact(ends[block] - blockStart(block));
  }

  long blockChecksum(int block) {
    return checksums[block];
  }

  /** The first page in a block. */
  long firstPage(int block) {
    return 1 + (long) block * pagesPerBlock();
  }

  /** The number of pages in a block. */
  int pages(int block) {
    return (int) Math.min(pagesPerBlock(), header.highWaterMark() - firstPage(block) + 1);
  }

  int pagesPerBlock() {
    return ArtefactFormat.TARGET_BLOCK_LENGTH / header.pageSize();
  }

  byte[] head() {
    return head;
  }

  byte[] tail() {
    return tail;
  }

  long blocksEnd() {
    return ends.length == 0 ? head.length : ends[ends.length - 1];
  }

  /** The block that has a byte; only for a position within the blocks. */
  int blockAt(long position) {
    int found = Arrays.binarySearch(ends, position + 1);
    return found >= 0 ? found : -found - 1;
  }
}
