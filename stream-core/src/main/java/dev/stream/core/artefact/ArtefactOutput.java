package dev.stream.core.artefact;

import java.io.IOException;

/** Where a writer puts the sections of an artefact, in their order. For one thread. */
interface ArtefactOutput {

  /** The first bytes, up to the first block. */
  void head(byte[] bytes) throws IOException;

  /**
   * The next block.
   *
   * @param stored valid during the call, up to {@code length}
   * @param checksum of these bytes
   */
  void block(byte[] stored, int length, long checksum) throws IOException;

  /** The last bytes; what was put there is whole and durable on return. */
  void end(byte[] index, byte[] footer) throws IOException;

  /** Nothing more will come, and the end did not; what was put there is of no use. */
  void discard() throws IOException;
}
