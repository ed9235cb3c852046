package dev.stream.testkit.database;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A digest per page whose sum over all pages identifies a database; on purpose another one than the
 * core's. A page of zeros has digest 0.
 */
final class PageDigest {

  private PageDigest() {}

  static long of(long pageId, ByteBuffer page) {
    ByteBuffer bytes = page.duplicate();
    boolean zero = true;
    while (zero && bytes.hasRemaining()) {
      zero = bytes.get() == 0;
    }
    if (zero) {
      return 0;
    }
    CRC32 low = new CRC32();
    low.update(page.duplicate());
    CRC32C high = new CRC32C();
    high.update(page.duplicate());
    long digest = (high.getValue() << 32 | low.getValue()) * 0x9e3779b97f4a7c15L;
    return (digest ^ digest >>> 31) * (2 * pageId + 1);
  }
}
