package dev.stream.core.shadow;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file of an active log, written from its beginning to its end.
 *
 * <p>Not a {@code FileChannel}: an interrupt of the application's thread would close that. One that
 * is asynchronous is not closed by it, and makes data durable without the time of the last change,
 * which would be a second write to the disk.
 *
 * <p>For use by one thread at a time.
 */
final class LogFile implements AutoCloseable {

  private final RandomAccessFile out;
  private final @Nullable AsynchronousFileChannel durable;

  /**
   * Opens a file, or makes one, to be written from its first byte on; what it has stays until then.
   *
   * @param durable whether what is written is to survive the machine
   */
  LogFile(Path path, boolean durable) throws IOException {
    this.out = new RandomAccessFile(path.toFile(), "rw");
    try {
      this.durable = durable ? AsynchronousFileChannel.open(path, StandardOpenOption.WRITE) : null;
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }

  void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
  }

  /** Makes durable what was written, if that is asked for. */
  void commit() throws IOException {
    if (durable != null) {
      durable.force(false);
    }
  }

  /** Cuts off what comes after {@code end}, where writing goes on. */
  void cutTo(long end) throws IOException {
    out.setLength(end);
    out.seek(end);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      if (durable != null) {
        durable.close();
      }
    }
  }
}
