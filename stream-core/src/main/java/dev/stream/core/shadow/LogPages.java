package dev.stream.core.shadow;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;

/**
 * Reads pages at places of a log that are known. As long as each lies shortly after the one before,
 * it reads ahead, more each time, since a system call costs as much as copying a page. For use by
 * one thread.
 */
final class LogPages {

  private static final int MOST = 256 << 10;
  private static final int NEAR = 16 << 10;

  private final RandomAccessFile file;
  private final int pageSize;
  private final ByteBuffer window;
  private long start;
  private int length;
  private int ahead;

  LogPages(RandomAccessFile file, int pageSize) {
    this.file = file;
    this.pageSize = pageSize;
    this.window = ByteBuffer.allocate(Math.max(MOST, pageSize));
    this.ahead = pageSize;
  }

  /** The page at an offset; good until the next one is asked for. */
  ByteBuffer at(long offset) throws IOException {
    if (offset < start || offset + pageSize > start + length) {
      fill(offset);
    }
    int at = (int) (offset - start);
    return window.limit(at + pageSize).position(at);
  }

  private void fill(long offset) throws IOException {
    boolean near = offset > start && offset - (start + length) < NEAR;
    ahead = near ? Math.min(2 * ahead, window.capacity()) : pageSize;
    file.seek(offset);
    start = offset;
    length = 0;
    while (length < pageSize) {
      int read = file.read(window.array(), length, ahead - length);
      if (read < 0) {
        throw new EOFException("the log ends within the page at " + offset);
      }
      length += read;
    }
  }
}
