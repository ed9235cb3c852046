package dev.stream.replica.file;

import dev.stream.api.replica.support.RangeStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A range of a file. */
final class FileRangeStream extends RangeStream {

  private final FileChannel channel;
  private final Path root;
  private final String doing;
  private long position;

  FileRangeStream(FileChannel channel, Path root, String doing, long offset, long length) {
    super(length);
    this.channel = channel;
    this.root = root;
    this.doing = doing;
    this.position = offset;
  }

  @Override
  protected int readSome(byte[] target, int offset, int length) throws IOException {
    int count = channel.read(ByteBuffer.wrap(target, offset, length), position);
    position += Math.max(count, 0);
    return count;
  }

  @Override
  protected IOException typed(IOException failure) {
    return FileFailures.typed(root, doing, failure);
  }

  @Override
  protected void release() throws IOException {
    channel.close();
  }
}
