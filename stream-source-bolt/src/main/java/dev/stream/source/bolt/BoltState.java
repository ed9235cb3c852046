package dev.stream.source.bolt;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state of a bolt file that was read, and what is known of it afterwards.
 *
 * @param identity of the file
 * @param meta of the newest transaction
 * @param hashes of all pages of the canonical image; they become the next state's when that is
 *     settled
 */
record BoltState(String identity, BoltMeta meta, StateHashes hashes) {

  /**
   * The token that goes with the state. It is for people: bolt keeps no log, so that no position
   * proves that nothing else was written since.
   */
  static String position(String identity, BoltMeta meta) {
    return "bolt transaction " + Long.toUnsignedString(meta.txId()) + " of file " + identity;
  }

  /** By what it is known again; its pages are read from what has them. Null for a large one. */
  static @Nullable BoltSignature signature(String identity, BoltMeta meta, FileBytes file)
      throws IOException {
    List<String> entries = EntrySketch.of(file, meta);
    return entries == null
        ? null
        : new BoltSignature(BoltFile.inode(identity), meta.txId(), entries);
  }
}
