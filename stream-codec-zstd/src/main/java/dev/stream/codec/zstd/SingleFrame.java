package dev.stream.codec.zstd;

import java.io.IOException;

/**
 * Holds a block to the format: one Zstandard frame (RFC 8878) without a dictionary, whose window
 * every decoder has room for. Decoders themselves take several frames, and windows up to their own
 * limits, so what one of them reads another would refuse.
 */
final class SingleFrame {

  private static final int LARGEST_WINDOW = 8 << 20;
  private static final int HEADER = 5;
  private static final int BLOCK_HEADER = 3;
  private static final int RUN_LENGTH = 1;
  private static final int RESERVED = 3;

  private final byte[] source;
  private final int end;
  private int at;

  private SingleFrame(byte[] source, int offset, int length) {
    this.source = source;
    this.end = offset + length;
    this.at = offset;
  }

  /**
   * Looks at headers alone.
   *
   * @throws IOException if it is anything else
   */
  static void require(byte[] source, int offset, int length) throws IOException {
    new SingleFrame(source, offset, length).read();
  }

  private void read() throws IOException {
    need(HEADER, "no Zstandard frame");
    if (next() != 0x28 || next() != 0xB5 || next() != 0x2F || next() != 0xFD) {
      throw wrong("no Zstandard frame");
    }
    int descriptor = next();
    if ((descriptor & 3) != 0) {
      throw wrong("a frame with a dictionary");
    }
    boolean single = (descriptor & 0x20) != 0;
    if (!single) {
      need(1, "cut short");
      int window = next();
      long base = 1L << (10 + (window >>> 3));
      requireWindow(base + base / 8 * (window & 7));
    }
    int sizeBytes = descriptor >>> 6 == 0 ? (single ? 1 : 0) : 1 << (descriptor >>> 6);
    need(sizeBytes, "cut short");
    long size = 0;
    for (int i = 0; i < sizeBytes; i++) {
      size |= (long) next() << (8 * i);
    }
    if (single) {
      requireWindow(sizeBytes == 2 ? size + 256 : size);
    }
    blocks();
    int checksum = (descriptor & 4) == 0 ? 0 : 4;
    need(checksum, "cut short");
    at += checksum;
    if (at != end) {
      throw wrong((end - at) + " bytes after its one frame");
    }
  }

  private void blocks() throws IOException {
    boolean last = false;
    while (!last) {
      need(BLOCK_HEADER, "cut short");
      int header = next() | next() << 8 | next() << 16;
      last = (header & 1) != 0;
      int type = header >>> 1 & 3;
      if (type == RESERVED) {
        throw wrong("a block of no known type");
      }
      int stored = type == RUN_LENGTH ? 1 : header >>> 3;
      need(stored, "cut short");
      at += stored;
    }
  }

  private void requireWindow(long window) throws IOException {
    if (window < 0 || window > LARGEST_WINDOW) {
      throw wrong("a window of " + window + " bytes, and 8 MiB are the most");
    }
  }

  private int next() {
    return source[at++] & 0xFF;
  }

  private void need(int bytes, String what) throws IOException {
    if (end - at < bytes) {
      throw wrong(what);
    }
  }

  private static IOException wrong(String what) {
    return new IOException("the block is not as the format has it: " + what);
  }
}
