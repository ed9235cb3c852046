package dev.stream.core.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The hash of one page, keyed by its id: {@link Xxh64} with the page id as seed, and 0 for a page
 * of nothing but zeros. The XOR of the hashes of pages 1 to the high-water mark is the checksum of
 * a database; so pages that a file's holes stand for change nothing, and two pages that trade
 * places do.
 *
 * <p>Stateless and safe for use by any number of threads. Allocates nothing.
 */
public final class PageHash {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle BUFFER_LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private PageHash() {}

  /**
   * The hash of the page in {@code length} bytes from {@code offset} on.
   *
   * @throws IndexOutOfBoundsException if the range is not within {@code data}
   */
  public static long of(long pageId, byte[] data, int offset, int length) {
    return isZero(data, offset, length) ? 0 : Xxh64.hash(data, offset, length, pageId);
  }

  /** The hash of the page in the buffer's remaining bytes; position and limit stay as they are. */
  public static long of(long pageId, ByteBuffer page) {
    return isZero(page) ? 0 : Xxh64.hash(page, pageId);
  }

  private static boolean isZero(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    int at = offset;
    int end = offset + length;
    for (; at + 8 <= end; at += 8) {
      if ((long) LONG.get(data, at) != 0) {
        return false;
      }
    }
    for (; at < end; at++) {
      if (data[at] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(ByteBuffer page) {
    int at = page.position();
    int end = page.limit();
    for (; at + 8 <= end; at += 8) {
      if ((long) BUFFER_LONG.get(page, at) != 0) {
        return false;
      }
    }
    for (; at < end; at++) {
      if (page.get(at) != 0) {
        return false;
      }
    }
    return true;
  }
}
