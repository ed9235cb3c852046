package dev.stream.codec.zstd;

import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import org.jspecify.annotations.Nullable;

/** aircompressor: one level, one window, no native code. */
final class PureEngine implements ZstdEngine {

  /** A decompressor has state and is for one thread; they are kept for their large tables. */
  private static final Pool<ZstdDecompressor> DECOMPRESSORS =
      new Pool<>(ZstdDecompressor::new, unused -> {});

  private final ZstdCompressor compressor = new ZstdCompressor();
  private final @Nullable String whyNotNative;

  /**
   * Makes one.
   *
   * @param whyNotNative null if pure Java was asked for
   */
  PureEngine(@Nullable String whyNotNative) {
    this.whyNotNative = whyNotNative;
  }

  @Override
  public String description() {
    return "aircompressor (pure Java, one level"
        + (whyNotNative == null ? "" : "; the native library did not load: " + whyNotNative)
        + ")";
  }

  @Override
  public int compress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) {
    return compressor.compress(source, offset, length, target, targetOffset, targetLength);
  }

  @Override
  public int decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) {
    if (targetLength == 0) {
      // With no room at all the decompressor does not even look at the frame.
      return decompress(source, offset, length, new byte[1], 0, 1);
    }
    return DECOMPRESSORS.with(
        decompressor ->
            decompressor.decompress(source, offset, length, target, targetOffset, targetLength));
  }
}
