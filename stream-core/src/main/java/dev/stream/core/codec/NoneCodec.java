package dev.stream.core.codec;

import dev.stream.api.codec.Codec;
import java.io.IOException;

/** Copies blocks. */
final class NoneCodec implements Codec {

  static final String NAME = "none";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "none (blocks are stored as they are)";
  }

  @Override
  public int maxCompressedLength(int length) {
    return length;
  }

  @Override
  public int compress(byte[] source, int offset, int length, byte[] target, int targetOffset) {
    System.arraycopy(source, offset, target, targetOffset, length);
    return length;
  }

  @Override
  public void decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength)
      throws IOException {
    if (length != targetLength) {
      throw new IOException("stored block of " + length + " bytes should have " + targetLength);
    }
    System.arraycopy(source, offset, target, targetOffset, length);
  }
}
