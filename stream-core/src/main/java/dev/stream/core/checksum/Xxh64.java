package dev.stream.core.checksum;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * XXH64, the 64-bit hash of the xxHash family, after its public specification
 * (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). It detects damage, not malice.
 *
 * <p>Stateless and safe for use by any number of threads. Allocates nothing.
 */
public final class Xxh64 {

  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BUFFER_LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BUFFER_INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Xxh64() {}

  /**
   * The hash of {@code length} bytes from {@code offset} on.
   *
   * @throws IndexOutOfBoundsException if the range is not within {@code data}
   */
  public static long hash(byte[] data, int offset, int length, long seed) {
    Objects.checkFromIndexSize(offset, length, data.length);
    int at = offset;
    int end = offset + length;
    long hash;
    if (length >= 32) {
      long a = seed + PRIME_1 + PRIME_2;
      long b = seed + PRIME_2;
      long c = seed;
      long d = seed - PRIME_1;
      for (int last = end - 32; at <= last; at += 32) {
        a = round(a, (long) LONG.get(data, at));
        b = round(b, (long) LONG.get(data, at + 8));
        c = round(c, (long) LONG.get(data, at + 16));
        d = round(d, (long) LONG.get(data, at + 24));
      }
      hash = converge(a, b, c, d);
    } else {
      hash = seed + PRIME_5;
    }
    hash += length;
    for (; at + 8 <= end; at += 8) {
      hash = mixLong(hash, (long) LONG.get(data, at));
    }
    if (at + 4 <= end) {
      hash = mixInt(hash, (int) INT.get(data, at));
      at += 4;
    }
    for (; at < end; at++) {
      hash = mixByte(hash, data[at]);
    }
    return avalanche(hash);
  }

  /** The hash of the buffer's remaining bytes; position and limit stay as they are. */
  public static long hash(ByteBuffer data, long seed) {
    if (data.hasArray()) {
      return hash(data.array(), data.arrayOffset() + data.position(), data.remaining(), seed);
    }
    int at = data.position();
    int end = data.limit();
    long hash;
    if (end - at >= 32) {
      long a = seed + PRIME_1 + PRIME_2;
      long b = seed + PRIME_2;
      long c = seed;
      long d = seed - PRIME_1;
      for (int last = end - 32; at <= last; at += 32) {
        a = round(a, (long) BUFFER_LONG.get(data, at));
        b = round(b, (long) BUFFER_LONG.get(data, at + 8));
        c = round(c, (long) BUFFER_LONG.get(data, at + 16));
        d = round(d, (long) BUFFER_LONG.get(data, at + 24));
      }
      hash = converge(a, b, c, d);
    } else {
      hash = seed + PRIME_5;
    }
    hash += data.remaining();
    for (; at + 8 <= end; at += 8) {
      hash = mixLong(hash, (long) BUFFER_LONG.get(data, at));
    }
    if (at + 4 <= end) {
      hash = mixInt(hash, (int) BUFFER_INT.get(data, at));
      at += 4;
    }
    for (; at < end; at++) {
      hash = mixByte(hash, data.get(at));
    }
    return avalanche(hash);
  }

  /** The hash of one 64-bit value, taken as its eight bytes in little-endian order. */
  public static long hash(long value, long seed) {
    return avalanche(mixLong(seed + PRIME_5 + 8, value));
  }

  private static long round(long accumulator, long lane) {
    return Long.rotateLeft(accumulator + lane * PRIME_2, 31) * PRIME_1;
  }

  private static long converge(long a, long b, long c, long d) {
    long hash =
        Long.rotateLeft(a, 1)
            + Long.rotateLeft(b, 7)
            + Long.rotateLeft(c, 12)
            + Long.rotateLeft(d, 18);
    hash = merge(hash, a);
    hash = merge(hash, b);
    hash = merge(hash, c);
    return merge(hash, d);
  }

  private static long merge(long hash, long accumulator) {
    return (hash ^ round(0, accumulator)) * PRIME_1 + PRIME_4;
  }

  private static long mixLong(long hash, long lane) {
    return Long.rotateLeft(hash ^ round(0, lane), 27) * PRIME_1 + PRIME_4;
  }

  private static long mixInt(long hash, int lane) {
    return Long.rotateLeft(hash ^ ((lane & 0xFFFFFFFFL) * PRIME_1), 23) * PRIME_2 + PRIME_3;
  }

  private static long mixByte(long hash, byte lane) {
    return Long.rotateLeft(hash ^ ((lane & 0xFF) * PRIME_5), 11) * PRIME_1;
  }

  private static long avalanche(long hash) {
    hash ^= hash >>> 33;
    hash *= PRIME_2;
    hash ^= hash >>> 29;
    hash *= PRIME_3;
    return hash ^ (hash >>> 32);
  }
}
