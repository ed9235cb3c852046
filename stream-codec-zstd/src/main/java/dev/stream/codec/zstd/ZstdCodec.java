package dev.stream.codec.zstd;

import dev.stream.api.codec.Codec;
import java.io.IOException;
import java.util.Objects;

/** Blocks as zstd frames, without zstd's own checksum. */
final class ZstdCodec implements Codec {

  private final ZstdEngine engine;

  ZstdCodec(ZstdEngine engine) {
    this.engine = engine;
  }

  /** The most bytes of a frame: zstd's own bound, and the more generous one of aircompressor. */
  static int bound(int length) {
    int small = length < 128 * 1024 ? (128 * 1024 - length) >>> 11 : 0;
    return Math.addExact(Math.addExact(length, length >>> 8), small + 16);
  }

  @Override
  public String name() {
    return ZstdCodecProvider.NAME;
  }

  @Override
  public String description() {
    return engine.description();
  }

  @Override
  public int maxCompressedLength(int length) {
    return bound(length);
  }

  @Override
  public int compress(byte[] source, int offset, int length, byte[] target, int targetOffset)
      throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    Objects.checkFromIndexSize(targetOffset, bound(length), target.length);
    try {
      return engine.compress(source, offset, length, target, targetOffset, bound(length));
    } catch (RuntimeException e) {
      throw new IOException(
          description() + " could not compress a block of " + length + " bytes: " + e.getMessage(),
          e);
    }
  }

  @Override
  public void decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength)
      throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    Objects.checkFromIndexSize(targetOffset, targetLength, target.length);
    SingleFrame.require(source, offset, length);
    int restored;
    try {
      restored = engine.decompress(source, offset, length, target, targetOffset, targetLength);
    } catch (RuntimeException e) {
      throw new IOException("the block of " + length + " bytes is damaged: " + e.getMessage(), e);
    }
    if (restored != targetLength) {
      throw new IOException(
          "the block of "
              + length
              + " bytes is damaged: it holds "
              + restored
              + " bytes instead of "
              + targetLength);
    }
  }
}
