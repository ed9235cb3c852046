package dev.stream.core.shadow;

import java.io.IOException;
import java.util.Arrays;

/** A table's bytes in memory, on a disk that may be full, and that somebody looks at. */
final class StoredBytes implements TableStorage {

  private byte[] bytes;
  boolean full;
  Runnable afterChange = () -> {};

  StoredBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] copy() {
    return bytes.clone();
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public int read(long offset, byte[] target, int length) {
    int read = (int) Math.max(0, Math.min(length, bytes.length - offset));
    System.arraycopy(bytes, (int) Math.min(offset, bytes.length), target, 0, read);
    return read;
  }

  @Override
  public void write(long offset, byte[] source, int length) throws IOException {
    requireRoom();
    bytes = Arrays.copyOf(bytes, (int) Math.max(bytes.length, offset + length));
    System.arraycopy(source, 0, bytes, (int) offset, length);
    afterChange.run();
  }

  @Override
  public void setLength(long length) throws IOException {
    requireRoom();
    bytes = Arrays.copyOf(bytes, (int) length);
    afterChange.run();
  }

  private void requireRoom() throws IOException {
    if (full) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public void close() {}
}
