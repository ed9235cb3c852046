package dev.stream.core.shadow;

import java.io.IOException;

/** The bytes in which a table of page hashes is kept. For use by one thread at a time. */
interface TableStorage extends AutoCloseable {

  long length() throws IOException;

  /** Reads {@code length} bytes, or fewer at the end; returns how many. */
  int read(long offset, byte[] target, int length) throws IOException;

  void write(long offset, byte[] source, int length) throws IOException;

  /** Cuts off or appends zeros. */
  void setLength(long length) throws IOException;

  @Override
  void close() throws IOException;
}
