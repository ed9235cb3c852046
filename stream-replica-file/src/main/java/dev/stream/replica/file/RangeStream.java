package dev.stream.replica.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A range of a file. */
final class RangeStream extends InputStream {

  private final FileChannel channel;
  private final Path root;
  private final String doing;
  private long position;
  private long remaining;

  RangeStream(FileChannel channel, Path root, String doing, long offset, long length) {
    this.channel = channel;
    this.root = root;
    this.doing = doing;
    this.position = offset;
    this.remaining = length;
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
    if (remaining == 0) {
      return -1;
    }
    int count;
    try {
      int wanted = (int) Math.min(length, remaining);
      count = channel.read(ByteBuffer.wrap(target, offset, wanted), position);
    } catch (IOException e) {
      throw FileFailures.typed(root, doing, e);
    }
    if (count > 0) {
      position += count;
      remaining -= count;
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
