package dev.stream.core.read;

import dev.stream.core.checksum.PageHash;
import dev.stream.core.file.PageRunSink;
import java.util.concurrent.atomic.LongAccumulator;

/** Adds up a database checksum from pages in any order. Safe for use by several threads. */
public final class ChecksumSum implements PageRunSink {

  private final int pageSize;
  private final LongAccumulator sum = new LongAccumulator((a, b) -> a ^ b, 0);

  public ChecksumSum(int pageSize) {
    this.pageSize = pageSize;
  }

  @Override
  public void pages(long firstId, int count, byte[] data, int offset) {
    long part = 0;
    for (int i = 0; i < count; i++) {
      part ^= PageHash.of(firstId + i, data, offset + i * pageSize, pageSize);
    }
    sum.accumulate(part);
  }

  public long value() {
    return sum.get();
  }

  public static String hex(long checksum) {
    String digits = Long.toHexString(checksum);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
