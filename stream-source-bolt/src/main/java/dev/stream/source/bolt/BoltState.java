package dev.stream.source.bolt;

/**
 * A state of a bolt file that was read, and what is known of it afterwards.
 *
 * @param identity of the file
 * @param meta of the newest transaction
 * @param hashes of all pages of the canonical image
 */
record BoltState(String identity, BoltMeta meta, PageHashes hashes) {

  /**
   * The token that goes with the state. It is for people: bolt keeps no log, so that no position
   * proves that nothing else was written since.
   */
  String position() {
    return "bolt transaction " + Long.toUnsignedString(meta.txId()) + " of file " + identity;
  }
}
