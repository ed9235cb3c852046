package dev.stream.core.artefact;

import java.io.Closeable;
import java.io.IOException;

/**
 * A range of an artefact's bytes, read once from its first to its last, so that no more of it is in
 * memory than its reader takes at a time. For one thread.
 */
public interface ByteRun extends Closeable {

  /**
   * Reads exactly the next {@code length} bytes.
   *
   * @throws java.io.EOFException if the bytes end before, against what was said of them
   * @throws IOException if they cannot be read
   */
  void read(byte[] target, int offset, int length) throws IOException;

  /** Lets go of what is open; not all has to have been read. */
  @Override
  default void close() {}
}
