package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The pages of a reading until they are delivered. For use by one thread at a time. */
interface KeptPages extends AutoCloseable {

  /**
   * Fills the buffer with the pages from this one on, counted from 0; what is not kept is zeros.
   */
  void read(long firstPage, ByteBuffer target) throws IOException;

  @Override
  void close() throws IOException;
}
