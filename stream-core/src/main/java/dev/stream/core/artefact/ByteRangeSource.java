package dev.stream.core.artefact;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Random access to the bytes of one artefact, wherever it is. Safe for use by several threads. */
public interface ByteRangeSource extends Closeable {

  /** Bytes in total; never changes. */
  long size();

  /**
   * Reads exactly {@code length} bytes from {@code offset} on into a new array.
   *
   * @throws IndexOutOfBoundsException if the range is not within {@link #size}
   * @throws java.io.EOFException if the bytes end before, against what {@link #size} says
   * @throws IOException if they cannot be read
   */
  byte[] read(long offset, int length) throws IOException;

  /**
   * Begins to read a range from its start on. What is asked for at once is up to the reader; this
   * one asks each time.
   *
   * @throws IndexOutOfBoundsException if the range is not within {@link #size}
   * @throws IOException if they cannot be read
   */
  default ByteRun run(long offset, long length) throws IOException {
    Objects.checkFromIndexSize(offset, /* size= */ length, /* length= */ size());
    return new ByteRun() {
      private long at = offset;

      @Override
      public void read(byte[] target, int from, int count) throws IOException {
        System.arraycopy(ByteRangeSource.this.read(at, count), 0, target, from, count);
        at += count;
      }
    };
  }

  /** Lets go of what is open. Repeatable. */
  @Override
  default void close() throws IOException {}

  /**
   * The bytes of a local file.
   *
   * @throws IOException if it cannot be opened
   */
  static ByteRangeSource ofFile(Path file) throws IOException {
    return FileRanges.open(file);
  }
}
