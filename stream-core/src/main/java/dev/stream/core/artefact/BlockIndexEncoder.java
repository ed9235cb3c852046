package dev.stream.core.artefact;

import java.io.IOException;
import java.util.Arrays;

/** Collects the index of blocks in its encoded form, which is the smallest. */
final class BlockIndexEncoder {

  private static final int MAX_VARINT_LENGTH = 9;

  private byte[] bytes = new byte[256];
  private int length;
  private long lastId;
  private long blocks;

  /**
   * Appends a block.
   *
   * @throws IOException if the index outgrows the format
   */
  void add(PageRuns pages, int storedLength, long checksum) throws IOException {
    reserve((pages.runCount() * 2L + 2) * MAX_VARINT_LENGTH + ArtefactFormat.CHECKSUM_LENGTH);
    putVarint(pages.runCount());
    for (int run = 0; run < pages.runCount(); run++) {
      putVarint(pages.firstId(run) - lastId - 1);
      putVarint(pages.length(run));
      lastId = pages.firstId(run) + pages.length(run) - 1;
    }
    putVarint(storedLength);
    ArtefactFormat.putLong(bytes, length, checksum);
    length += ArtefactFormat.CHECKSUM_LENGTH;
    blocks++;
  }

  long blocks() {
    return blocks;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void reserve(long more) throws IOException {
    if (length + more <= bytes.length) {
      return;
    }
    if (length + more > ArtefactFormat.MAX_INDEX_LENGTH) {
      throw new IOException(
          "the page index of one artefact would pass "
              + ArtefactFormat.MAX_INDEX_LENGTH
              + " bytes, the most that the format allows; the database is too large for it");
    }
    long doubled = Math.max(bytes.length * 2L, length + more);
    bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, ArtefactFormat.MAX_INDEX_LENGTH));
  }

  private void putVarint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }
}
