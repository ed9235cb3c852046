package dev.stream.source.h2;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads the store's file beside the channel that H2 writes through.
 *
 * <p>Through a {@link RandomAccessFile}, since a channel is closed when the thread that uses it is
 * interrupted, and closing any descriptor of a file drops the process's POSIX locks on it, H2's
 * included. For the same reason it must not be closed while H2 has the file open. Thread-safe.
 */
final class FileReader implements AutoCloseable {

  private final RandomAccessFile file;

  FileReader(Path path) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "r");
  }

  /** Fills the rest of {@code target}; with zeros where the file has ended. */
  synchronized void read(long offset, ByteBuffer target) throws IOException {
    byte[] bytes = target.hasArray() ? target.array() : new byte[target.remaining()];
    int start = target.hasArray() ? target.arrayOffset() + target.position() : 0;
    int length = target.remaining();
    int done = 0;
    file.seek(offset);
    while (done < length) {
      int count = file.read(bytes, start + done, length - done);
      if (count < 0) {
        java.util.Arrays.fill(bytes, start + done, start + length, (byte) 0);
        break;
      }
      done += count;
    }
    if (target.hasArray()) {
      target.position(target.limit());
    } else {
      target.put(bytes);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
