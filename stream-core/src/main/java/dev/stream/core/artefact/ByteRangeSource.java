package dev.stream.core.artefact;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

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
