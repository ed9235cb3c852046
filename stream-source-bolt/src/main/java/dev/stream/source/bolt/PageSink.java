package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes pages in the order in which they are read. */
@FunctionalInterface
interface PageSink {

  /**
   * Takes neighbouring pages.
   *
   * @param first the first page, counted from 0
   * @param bytes whole pages, between position and limit; valid during the call
   */
  void accept(long first, ByteBuffer bytes) throws IOException;
}
