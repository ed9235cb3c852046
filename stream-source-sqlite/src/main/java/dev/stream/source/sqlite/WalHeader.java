package dev.stream.source.sqlite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The 32 bytes at the start of a write-ahead log (SQLite file format, section 4.1 "WAL File
 * Format").
 *
 * @param bigEndian byte order of the checksums
 * @param pageSize bytes per page
 * @param salt1 grows by one with every restart of the log
 * @param salt2 random with every restart
 * @param checksum1 first half of the checksum over the header; the frames' checksums build on it
 * @param checksum2 second half
 */
record WalHeader(
    boolean bigEndian, int pageSize, int salt1, int salt2, int checksum1, int checksum2) {

  static final int BYTES = 32;

  private static final int MAGIC = 0x377f0682;
  private static final int FORMAT = 3007000;

  /** Reads a header; null if these bytes are none, for instance because one is being written. */
  static @Nullable WalHeader parse(byte[] bytes) {
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, BYTES).order(ByteOrder.BIG_ENDIAN);
    int magic = header.getInt(0);
    if ((magic & ~1) != MAGIC || header.getInt(4) != FORMAT) {
      return null;
    }
    boolean bigEndian = (magic & 1) != 0;
    int pageSize = header.getInt(8);
    if (Integer.bitCount(pageSize) != 1 || pageSize < 512 || pageSize > 65536) {
      return null;
    }
    long sum = WalChecksum.update(bigEndian, 0, bytes, 0, 24);
    WalHeader parsed =
        new WalHeader(
            bigEndian,
            pageSize,
            header.getInt(16),
            header.getInt(20),
            header.getInt(24),
            header.getInt(28));
    return sum == parsed.checksum() ? parsed : null;
  }

  long checksum() {
    return WalChecksum.of(checksum1, checksum2);
  }

  boolean sameLog(@Nullable WalHeader other) {
    return other != null && salt1 == other.salt1 && salt2 == other.salt2;
  }

  /** Whether this log is the very next after {@code earlier}: one restart, none in between. */
  boolean follows(WalHeader earlier) {
    return salt1 == earlier.salt1 + 1;
  }

  int frameBytes() {
    return WalFile.FRAME_HEADER + pageSize;
  }

  /** Where frame {@code frame}, counted from 1, begins. */
  long frameOffset(long frame) {
    return BYTES + (frame - 1) * frameBytes();
  }
}
