package dev.stream.api.replica.support;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A stream of at most so many bytes of an object, for {@link dev.stream.api.replica.Replica#open}.
 * For one thread; only {@link #close} may come from another one.
 */
public abstract class RangeStream extends InputStream {

  private long remaining;
  private volatile boolean closed;

  /**
   * A stream at the beginning of its range.
   *
   * @param length most bytes to yield; {@code Long.MAX_VALUE} for all that there are
   */
  protected RangeStream(long length) {
    this.remaining = length;
  }

  /**
   * Reads the next bytes.
   *
   * @param length most bytes to read, at least 1 and never beyond the range
   * @return how many were read, at least 1; or -1 where the object ends
   */
  protected abstract int readSome(byte[] target, int offset, int length) throws IOException;

  /** What the reader should learn of a failure of {@link #readSome}. */
  protected abstract IOException typed(IOException failure);

  /** Lets go of what the stream holds; called once. */
  protected abstract void release() throws IOException;

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public final int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (length == 0 || remaining == 0) {
      return length == 0 ? 0 : -1;
    }
    try {
      int count = readSome(target, offset, (int) Math.min(length, remaining));
      remaining -= Math.max(count, 0);
      return count;
    } catch (IOException e) {
      throw typed(e);
    }
  }

  @Override
  public final void close() throws IOException {
    if (!closed) {
      closed = true;
      release();
    }
  }
}
