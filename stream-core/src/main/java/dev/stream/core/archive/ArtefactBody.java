package dev.stream.core.archive;

import dev.stream.api.replica.ObjectBody;
import java.io.IOException;

/** The content of an artefact on its way to replicas. Safe for use by several threads. */
public interface ArtefactBody extends ObjectBody {

  /**
   * The last bytes, which tell it from others: they hold the checksum of the whole.
   *
   * @param length at most {@link #size}
   */
  byte[] end(int length) throws IOException;

  /** Whether it cannot be read to its end any more, which is no fault of whoever reads it. */
  default boolean isGone() {
    return false;
  }
}
