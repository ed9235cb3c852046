package dev.stream.source.sqlite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The running checksum of a write-ahead log (SQLite file format, section 4.2 "Checksum Algorithm"):
 * two 32-bit sums, here packed into one long, the first in the upper half.
 */
final class WalChecksum {

  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private WalChecksum() {}

  /**
   * Runs the loop until the JVM has compiled it: a cold start of capture would read the log some
   * fifty times slower, just when a busy writer's log needs attention.
   */
  static void warmUp() {
    byte[] page = new byte[65536];
    long sum = 0;
    for (int i = 0; i < 32; i++) {
      sum = update(i % 2 == 0, sum, page, 0, page.length);
    }
    if (sum != 0) {
      throw new IllegalStateException("the checksum of zeros is " + sum);
    }
  }

  static long of(int first, int second) {
    return ((long) first << 32) | (second & 0xFFFFFFFFL);
  }

  /** Continues {@code sum} over {@code length} bytes, a multiple of 8. Allocates nothing. */
  static long update(boolean bigEndian, long sum, byte[] data, int offset, int length) {
    int s1 = (int) (sum >>> 32);
    int s2 = (int) sum;
    int end = offset + length;
    // Two loops, so that the byte order is a constant in each.
    if (bigEndian) {
      for (int i = offset; i < end; i += 8) {
        long two = (long) BIG.get(data, i);
        s1 += (int) (two >>> 32) + s2;
        s2 += (int) two + s1;
      }
    } else {
      for (int i = offset; i < end; i += 8) {
        long two = (long) LITTLE.get(data, i);
        s1 += (int) two + s2;
        s2 += (int) (two >>> 32) + s1;
      }
    }
    return of(s1, s2);
  }
}
