package org.example.stream.webdav;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The content of an object on its way to the server. Yields its last bytes only when it is certain
 * that there are exactly as many as announced, and remembers what went wrong: the HTTP client only
 * tells that its request did not succeed.
 */
final class ExactBody extends InputStream {

  private final InputStream in;
  private final long size;
  private long position;
  private volatile @Nullable Exception failure;

  ExactBody(InputStream in, long size) {
    this.in = in;
    this.size = size;
  }

  /** What went wrong with the content; null if nothing did. */
  @Nullable Exception failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      int count =
          position == size ? -1 : in.read(target, offset, (int) Math.min(length, size - position));
      position += Math.max(count, 0);
      if (count < 0 && position < size) {
        throw new WrongSize("its content has only " + position + " of " + size + " bytes");
      }
      if (position == size && in.read() >= 0) {
        throw new WrongSize("its content has more than " + size + " bytes");
      }
      return count;
    } catch (IOException | RuntimeException e) {
      failure = e;
      throw new IOException("the content failed", e);
    }
  }

  /** The content is not as long as announced. */
  static final class WrongSize extends IOException {
    private static final long serialVersionUID = 1L;

    WrongSize(String message) {
      super(message);
    }
  }
}
