package dev.stream.source.bolt;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** What is not in use is zeros, whatever a temporary file has in its place. */
final class Zeros {

  private Zeros() {}

  /**
   * Overwrites the pages that are not in use.
   *
   * @param inUse counted from 0
   * @param firstPage the page that begins in the buffer at {@code from}; the last one, which ends
   *     at the buffer's position, may be cut off
   */
  static void except(BitSet inUse, long firstPage, ByteBuffer target, int from, int pageSize) {
    int pages = (target.position() - from + pageSize - 1) / pageSize;
    int first = (int) firstPage;
    for (int id = inUse.nextClearBit(first); id < first + pages; id = inUse.nextClearBit(id + 1)) {
      int at = from + (id - first) * pageSize;
      int length = Math.min(pageSize, target.position() - at);
      target.put(at, new byte[length]);
    }
  }
}
