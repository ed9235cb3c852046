package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A codec that compresses, from the JDK alone. */
final class DeflateCodec implements Codec {

  @Override
  public String name() {
    return "deflate";
  }

  @Override
  public String description() {
    return "deflate of the JDK";
  }

  @Override
  public int maxCompressedLength(int length) {
    return length + length / 8 + 64;
  }

  @Override
  public int compress(byte[] source, int offset, int length, byte[] target, int targetOffset) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(source, offset, length);
      deflater.finish();
      return deflater.deflate(target, targetOffset, target.length - targetOffset);
    } finally {
      deflater.end();
    }
  }

  @Override
  public void decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength)
      throws IOException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(source, offset, length);
      int restored = inflater.inflate(target, targetOffset, targetLength);
      if (restored != targetLength || inflater.getRemaining() != 0) {
        throw new IOException("damaged");
      }
    } catch (DataFormatException e) {
      throw new IOException("damaged", e);
    } finally {
      inflater.end();
    }
  }
}
