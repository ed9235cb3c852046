package dev.stream.core.file;

import java.io.IOException;

/** Takes neighbouring pages. */
@FunctionalInterface
public interface PageRunSink {

  /** Takes {@code count} pages whose bytes are in {@code data} from {@code offset} on. */
  void pages(long firstId, int count, byte[] data, int offset) throws IOException;
}
