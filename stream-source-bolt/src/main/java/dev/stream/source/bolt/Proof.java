package dev.stream.source.bolt;

import java.io.IOException;

/**
 * That no page of a transaction has changed while it was read. Bolt writes a commit to pages that
 * were free, or above the end, and then one of the metas. Pages that a transaction frees are
 * written by the next one at the earliest, and that begins after the meta. So while a meta is the
 * newest, nothing that it reaches changes.
 */
interface Proof {

  /** So much was read; may look whether it is in vain. */
  default void read(int bytes) throws IOException {}

  /**
   * What was read until now is of the transaction.
   *
   * @throws MovedOnException if that cannot be said
   */
  void require() throws IOException;

  /** Of a file that nobody writes. */
  static Proof still() {
    return () -> {};
  }

  /** That the meta is still the newest. */
  static Proof sameMeta(BoltFile file, BoltMeta meta) {
    return new Proof() {
      private static final int LOOK = 4 << 20;
      private int unseen;

      @Override
      public void read(int bytes) throws IOException {
        unseen += bytes;
        if (unseen >= LOOK) {
          unseen = 0;
          require();
        }
      }

      @Override
      public void require() throws IOException {
        if (!file.newest().equals(meta)) {
          throw new MovedOnException(
              "another transaction was committed while transaction "
                  + Long.toUnsignedString(meta.txId())
                  + " was read");
        }
      }
    };
  }
}
