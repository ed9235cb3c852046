package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;

/** A codec that breaks its contract. */
final class FaultyCodec implements Codec {

  @Override
  public String name() {
    return "none";
  }

  @Override
  public String description() {
    return "faulty codec";
  }

  @Override
  public int maxCompressedLength(int length) {
    return length;
  }

  @Override
  public int compress(byte[] source, int offset, int length, byte[] target, int targetOffset) {
    throw new IllegalStateException("cannot compress");
  }

  @Override
  public void decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) {
    throw new ArrayIndexOutOfBoundsException("cannot decompress");
  }
}
