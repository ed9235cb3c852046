package dev.stream.cli.check;

import dev.stream.api.replica.ObjectBody;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;

/**
 * An object that is large enough to be stored in the way of large objects: SFTP uses several
 * channels from 4 MiB on, and S3 several parts above 16 MiB, unless something else is configured.
 */
final class LargeProbeObject implements ObjectBody {

  static final int MEBIBYTES = 17;

  private static final long SIZE = (long) MEBIBYTES << 20;
  private static final int BLOCK = 64 << 10;

  private final long seed = new Random().nextLong();
  private final Runnable onMove;

  /**
   * Makes an object of random content, which is computed and not kept.
   *
   * @param onMove called as bytes go out or come back
   */
  LargeProbeObject(Runnable onMove) {
    this.onMove = onMove;
  }

  @Override
  public long size() {
    return SIZE;
  }

  @Override
  public InputStream open() {
    return new Content();
  }

  /** Whether a stream has exactly these bytes. It is read up to the first difference. */
  boolean isContentOf(InputStream stream) throws IOException {
    try (InputStream wanted = open()) {
      while (true) {
        byte[] found = stream.readNBytes(BLOCK);
        if (!Arrays.equals(found, wanted.readNBytes(BLOCK))) {
          return false;
        }
        if (found.length == 0) {
          return true;
        }
      }
    }
  }

  /** The content, of which each byte is computed from its position. */
  private final class Content extends InputStream {

    private long position;

    @Override
    public int read() {
      onMove.run();
      return position == SIZE ? -1 : byteAt(position++) & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      onMove.run();
      int count = (int) Math.min(length, SIZE - position);
      for (int i = 0; i < count; i++) {
        target[offset + i] = byteAt(position++);
      }
      return count == 0 && length > 0 ? -1 : count;
    }

    private byte byteAt(long at) {
      return (byte) (((seed + (at >>> 3)) * 0x9e3779b97f4a7c15L) >>> ((at & 7) * 8));
    }
  }
}
