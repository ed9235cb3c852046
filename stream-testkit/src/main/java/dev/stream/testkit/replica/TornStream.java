package dev.stream.testkit.replica;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Yields so many bytes of a stream and then runs an action, which may throw, once. */
final class TornStream extends FilterInputStream {

  /** What happens at the tear. */
  @FunctionalInterface
  interface Tear {
    void happen() throws IOException;
  }

  private final Tear tear;
  private long remaining;
  private boolean happened;

  TornStream(InputStream in, long afterBytes, Tear tear) {
    super(in);
    this.remaining = afterBytes;
    this.tear = tear;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (happened || length == 0) {
      return in.read(target, offset, length);
    }
    int wanted = (int) Math.min(length, remaining);
    int count = wanted == 0 ? -1 : in.read(target, offset, wanted);
    if (count < 0) {
      // Also where the stream is shorter than the tear's place: a torn operation never succeeds.
      happened = true;
      tear.happen();
      return in.read(target, offset, length);
    }
    remaining -= count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = 0;
    while (skipped < count && read() >= 0) {
      skipped++;
    }
    return skipped;
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
