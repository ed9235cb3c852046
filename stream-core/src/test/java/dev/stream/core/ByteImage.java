package dev.stream.core;

import dev.stream.api.database.DatabaseImage;
import java.nio.ByteBuffer;

/** An image that is an array, which nobody changes; nothing has to be let go of. */
public final class ByteImage implements DatabaseImage {

  private final long txId;
  private final int pageSize;
  private final byte[] bytes;

  public ByteImage(long txId, int pageSize, byte[] bytes) {
    this.txId = txId;
    this.pageSize = pageSize;
    this.bytes = bytes;
  }

  @Override
  public long txId() {
    return txId;
  }

  @Override
  public int pageSize() {
    return pageSize;
  }

  @Override
  public long highWaterMark() {
    return bytes.length / pageSize;
  }

  @Override
  public String position() {
    return "p" + txId;
  }

  @Override
  public void read(long first, int count, ByteBuffer target) {
    target.put(bytes, (int) (first - 1) * pageSize, count * pageSize);
  }

  @Override
  public void close() {}
}
