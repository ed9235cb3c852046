package dev.stream.source.bolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A small bucket, whose only page is the value of its entry. It holds no buckets. */
final class InlineBucket {

  private InlineBucket() {}

  /**
   * Proves that it is a sound one.
   *
   * @param page the page that it is in
   * @param content its page
   * @param ordered whether to prove that the keys are in order
   */
  static void require(PageRun page, byte[] content, boolean ordered) throws DamagedFileException {
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < BoltMeta.PAGE_HEADER || in.getShort(8) != PageRun.LEAF) {
      throw page.damaged("has an inline bucket that is none");
    }
    byte[] former = null;
    int count = Short.toUnsignedInt(in.getShort(10));
    for (int i = 0; i < count; i++) {
      int at = BoltMeta.PAGE_HEADER + i * PageRun.ELEMENT;
      if (at > content.length - PageRun.ELEMENT) {
        throw page.damaged("has an inline bucket that ends before its entries");
      }
      long from = at + Integer.toUnsignedLong(in.getInt(at + 4));
      long key = Integer.toUnsignedLong(in.getInt(at + 8));
      long value = Integer.toUnsignedLong(in.getInt(at + 12));
      if (from + key + value > content.length) {
        throw page.damaged("has an inline bucket that ends within an entry");
      }
      byte[] next = Arrays.copyOfRange(content, (int) from, (int) (from + key));
      if (ordered && !new KeyRange(null, null).admits(former, next)) {
        throw page.damaged("has an inline bucket with its key " + i + " out of order");
      }
      former = next;
    }
  }
}
