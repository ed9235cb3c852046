package dev.stream.api.codec;

import java.io.IOException;

/**
 * Compresses blocks, each by itself. Safe for use by several threads at once.
 *
 * <p>Two codecs of one name must read what the other wrote, whatever their settings. A codec adds
 * no checksum for Stream's sake: the artefact carries one per block.
 */
public interface Codec {

  /** The name written into artefacts; the same as its provider's. */
  String name();

  /** What does the work, for people: such as {@code zstd-jni 1.5.7 level 6}. */
  String description();

  /** The most bytes that {@link #compress} writes for {@code length} bytes. */
  int maxCompressedLength(int length);

  /**
   * Compresses one block.
   *
   * @return the number of bytes written to {@code target} from {@code targetOffset} on
   * @throws IOException if the encoder failed
   */
  int compress(byte[] source, int offset, int length, byte[] target, int targetOffset)
      throws IOException;

  /**
   * Restores one block of exactly {@code targetLength} bytes.
   *
   * @throws IOException if the block is damaged or has another length; never an unchecked exception
   */
  void decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength)
      throws IOException;
}
