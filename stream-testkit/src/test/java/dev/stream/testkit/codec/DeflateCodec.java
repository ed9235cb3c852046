package dev.stream.testkit.codec;

import dev.stream.api.codec.Codec;
import java.io.IOException;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The example of docs/CODECS.md: blocks as raw DEFLATE streams (RFC 1951). */
final class DeflateCodec implements Codec {

  private final int level;

  DeflateCodec(int level) {
    this.level = level;
  }

  @Override
  public String name() {
    return "deflate";
  }

  @Override
  public String description() {
    return "java.util.zip level " + level;
  }

  @Override
  public int maxCompressedLength(int length) {
    return Math.addExact(length, (length >>> 3) + (length >>> 6) + 16);
  }

  @Override
  public int compress(byte[] source, int offset, int length, byte[] target, int targetOffset)
      throws IOException {
    int most = maxCompressedLength(length);
    Objects.checkFromIndexSize(targetOffset, most, target.length);
    Deflater deflater = new Deflater(level, true);
    try {
      deflater.setInput(source, offset, length);
      deflater.finish();
      int written = deflater.deflate(target, targetOffset, most);
      if (!deflater.finished()) {
        throw new IOException(description() + " could not compress a block of " + length);
      }
      return written;
    } finally {
      deflater.end(); // it holds native memory
    }
  }

  @Override
  public void decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength)
      throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(source, offset, length);
      int restored = inflater.inflate(target, targetOffset, targetLength);
      int beyond = inflater.finished() ? 0 : inflater.inflate(new byte[1]);
      if (restored + beyond != targetLength
          || !inflater.finished()
          || inflater.getRemaining() > 0) {
        throw new IOException("the block is damaged: it does not hold " + targetLength + " bytes");
      }
    } catch (DataFormatException e) {
      throw new IOException("the block of " + length + " bytes is damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
