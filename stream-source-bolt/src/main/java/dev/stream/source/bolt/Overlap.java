package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Reads of a state what is new in it since a known one, which was held until after the new one was.
 * Bolt writes to no page that a transaction reaches which is held, so a page that both reach is the
 * same in both, and with it everything below it. What is read are the pages that only the new one
 * reaches, and, to learn which are no more in use, those that only the known one did.
 */
final class Overlap {

  private Overlap() {}

  /** Whether one state may follow another in this way; a bolt file never gets fewer pages. */
  static boolean isPossible(BoltMeta known, BoltMeta meta) {
    return meta.isAfter(known)
        && meta.pageSize() == known.pageSize()
        && meta.highWaterMark() >= known.highWaterMark();
  }

  /**
   * Reads it.
   *
   * @param proof that both transactions are held
   * @param known the state that both are compared with; changed when the reading is settled
   * @param folder for temporary files
   * @throws MovedOnException if the proof failed
   * @throws DamagedFileException if the two states do not fit each other
   */
  static Reading read(FileBytes file, BoltMeta meta, Proof proof, BoltState known, Path folder)
      throws IOException {
    HashChanges changes = new HashChanges(known.hashes(), meta);
    Spool spool = Spool.open(folder, meta.pageSize());
    boolean read = false;
    try {
      BitSet changed = new BitSet();
      PageSink sink = (first, bytes) -> sort(first, bytes, proof, changes, changed, spool);
      BitSet reached = walk(file, meta, sink, known, changes, changed);
      sink.accept(0, meta.firstPages());
      proof.require();
      spool.flush();
      BoltState state = new BoltState(known.identity(), meta, known.hashes(), reached);
      Reading reading =
          new Reading(
              meta,
              known.identity(),
              () -> {
                changes.apply();
                return state;
              },
              spool,
              false,
              changed);
      read = true;
      return reading;
    } finally {
      if (!read) {
        spool.close();
      }
    }
  }

  /** Keeps those pages that differ. */
  private static void sort(
      long first, ByteBuffer bytes, Proof proof, HashChanges changes, BitSet changed, Spool spool)
      throws IOException {
    proof.read(bytes.remaining());
    int pageSize = changes.pageSize();
    for (int i = 0; i < bytes.remaining() / pageSize; i++) {
      ByteBuffer page = bytes.slice(bytes.position() + i * pageSize, pageSize);
      int id = (int) first + i;
      if (changes.set(id, page.duplicate())) {
        changed.set(id);
        spool.put(id, page);
      }
    }
  }

  /** Returns the pages that are in use now. */
  private static BitSet walk(
      FileBytes file,
      BoltMeta meta,
      PageSink sink,
      BoltState known,
      HashChanges changes,
      BitSet changed)
      throws IOException {
    Walk now = new Walk(file, meta, sink, false, known.reached());
    now.run();
    // Where the known tree meets what the new one has of it, there is nothing but that below.
    Walk before = new Walk(file, known.meta(), (first, pages) -> {}, false, now.met());
    before.run();
    BitSet fresh = withoutMetas(now.reached());
    BitSet gone = withoutMetas(before.reached());
    BitSet reached = (BitSet) known.reached().clone();
    reached.andNot(gone);
    if (!before.met().equals(now.met()) || reached.intersects(fresh)) {
      throw new DamagedFileException(
          file.path() + " has pages in use in which its last two states do not agree");
    }
    reached.or(fresh);
    now.requireNotFree(reached);
    gone.andNot(fresh);
    for (int page = gone.nextSetBit(0); page >= 0; page = gone.nextSetBit(page + 1)) {
      if (changes.gone(page)) {
        changed.set(page);
      }
    }
    return reached;
  }

  private static BitSet withoutMetas(BitSet pages) {
    BitSet without = (BitSet) pages.clone();
    without.clear(0, 2);
    return without;
  }
}
