package dev.stream.core.upload;

import dev.stream.api.replica.ObjectBody;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A few bytes to store. */
final class SmallObjectBody implements ObjectBody {

  private final byte[] bytes;

  SmallObjectBody(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }
}
