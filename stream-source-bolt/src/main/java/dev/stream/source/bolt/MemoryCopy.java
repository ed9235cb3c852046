package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A copy of a file that is not large, made in one go: that is done much sooner than the walk
 * through its pages, so that commits seldom overtake it. The memory is used again for the next
 * copy. For use by one thread.
 */
final class MemoryCopy implements FileBytes {

  /** Larger files are read as they are walked through. */
  static final long LARGEST = 32 << 20;

  private final Path path;
  private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

  MemoryCopy(Path path) {
    this.path = path;
  }

  /**
   * Copies the pages of a state, as far as the file has them.
   *
   * @return whether it is small enough to be copied
   */
  boolean fill(BoltFile file, BoltMeta meta) throws IOException {
    if (meta.highWaterMark() < 0 || meta.highWaterMark() > LARGEST / meta.pageSize()) {
      return false;
    }
    int size = (int) meta.highWaterMark() * meta.pageSize();
    if (bytes.capacity() < size) {
      bytes = ByteBuffer.allocateDirect(size);
    }
    bytes.clear().limit(size);
    file.read(bytes, 0);
    bytes.flip();
    return true;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public int read(ByteBuffer target, long position) {
    int count = (int) Math.max(0, Math.min(target.remaining(), bytes.limit() - position));
    if (count > 0) {
      target.put(bytes.slice((int) position, count));
    }
    return count;
  }
}
