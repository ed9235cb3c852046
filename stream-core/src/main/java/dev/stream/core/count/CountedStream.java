package dev.stream.core.count;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An object being read, of which bytes, time and failures are counted. For use by one thread. */
final class CountedStream extends FilterInputStream {

  private final CountedCall call;

  CountedStream(InputStream content, CountedCall call) {
    super(content);
    this.call = call;
  }

  @Override
  public int read() throws IOException {
    int read = call.in(super::read);
    call.moved(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = call.in(() -> super.read(target, offset, length));
    call.moved(Math.max(0, read));
    return read;
  }

  @Override
  public void close() throws IOException {
    try (call) {
      boolean unused =
          call.in(
              () -> {
                super.close();
                return true;
              });
    }
  }
}
