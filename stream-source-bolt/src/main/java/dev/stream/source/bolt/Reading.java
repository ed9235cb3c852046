package dev.stream.source.bolt;

import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One state of the file in its canonical form, as it was read: the two metas, the list of free
 * pages and every page in use; all others are zeros. It holds what differs from a state that is
 * known, or everything. For use by one thread at a time.
 */
final class Reading implements AutoCloseable {

  private static final int FRAME = 1 << 20;

  private final BoltMeta meta;
  private final String identity;
  private final Supplier<BoltState> settled;
  private final KeptPages kept;
  private final boolean whole;
  private final BitSet changed;
  private final BitSet inUse;

  /**
   * What was read.
   *
   * @param settled what is known as soon as the reading was delivered
   * @param kept is closed with the reading
   * @param inUse if all was read; else nothing
   */
  Reading(
      BoltMeta meta,
      String identity,
      Supplier<BoltState> settled,
      KeptPages kept,
      boolean whole,
      BitSet changed,
      BitSet inUse) {
    this.meta = meta;
    this.identity = identity;
    this.settled = settled;
    this.kept = kept;
    this.whole = whole;
    this.changed = changed;
    this.inUse = inUse;
  }

  /**
   * Reads the state of a meta.
   *
   * @param proof tells now and then, and at the end, whether what was read is of that state
   * @param identity of the file that this is a state of, also if a clone of it is read
   * @param known the state to compare with; null for none
   * @param whole whether to keep everything, not only what differs
   * @param folder for temporary files
   * @throws MovedOnException if the proof failed
   * @throws DamagedFileException if the file is damaged, which is proven as well
   */
  static Reading read(
      FileBytes file,
      BoltMeta meta,
      Proof proof,
      String identity,
      @Nullable BoltState known,
      boolean whole,
      Path folder)
      throws IOException {
    Spool spool = new Spool(folder, meta.pageSize());
    boolean read = false;
    try {
      Reading reading = read(file, meta, proof, identity, known, whole, spool::put, inUse -> spool);
      spool.flush();
      read = true;
      return reading;
    } finally {
      if (!read) {
        spool.close();
      }
    }
  }

  /**
   * Reads the state of a copy, which is kept as it is.
   *
   * @param identity of the file that was copied
   * @param known the state to compare with; null for none
   */
  static Reading read(PinnedFile.Copied copied, String identity, @Nullable BoltState known)
      throws IOException {
    PageCopy pages = copied.pages();
    boolean read = false;
    try {
      Reading reading =
          read(
              pages,
              copied.meta(),
              Proof.still(),
              identity,
              known,
              true,
              (first, bytes) -> {}, // They are in the copy.
              inUse -> pages.kept(copied.meta(), inUse));
      read = true;
      return reading;
    } finally {
      if (!read) {
        pages.close();
      }
    }
  }

  private static Reading read(
      FileBytes file,
      BoltMeta meta,
      Proof proof,
      String identity,
      @Nullable BoltState known,
      boolean whole,
      PageSink keeping,
      Function<BitSet, KeptPages> kept)
      throws IOException {
    StateHashes hashes = new StateHashes(meta);
    StateHashes before =
        known != null && known.meta().pageSize() == meta.pageSize() ? known.hashes() : null;
    BitSet changed = new BitSet();
    PageSink sink = new Sorter(proof, hashes, before, whole, changed, keeping);
    Walk walk = new Walk(file, meta, sink, false);
    try {
      walk.run();
      sink.accept(0, meta.firstPages());
    } catch (DamagedFileException e) {
      proof.require();
      throw e;
    }
    proof.require();
    BitSet inUse = walk.reached();
    if (before != null) {
      markGone(before, hashes, inUse, changed);
    }
    BoltState state = new BoltState(identity, meta, hashes);
    return new Reading(meta, identity, () -> state, kept.apply(inUse), whole, changed, inUse);
  }

  /** Pages that were in use and are no more, which are zeros from now on. */
  private static void markGone(
      StateHashes before, StateHashes now, BitSet reached, BitSet changed) {
    for (int page = reached.nextClearBit(0);
        page < now.pages();
        page = reached.nextClearBit(page + 1)) {
      if (!now.same(page, before)) {
        changed.set(page);
      }
    }
  }

  /** Sorts what is read by whether it is to be kept. */
  private record Sorter(
      Proof proof,
      StateHashes hashes,
      @Nullable StateHashes before,
      boolean whole,
      BitSet changed,
      PageSink keeping)
      implements PageSink {

    @Override
    public void accept(long first, ByteBuffer bytes) throws IOException {
      int pageSize = hashes.pageSize();
      proof.read(bytes.remaining());
      ByteBuffer all = bytes.duplicate();
      for (int i = 0; i < bytes.remaining() / pageSize; i++) {
        int page = (int) first + i;
        hashes.set(page, all.slice(all.position() + i * pageSize, pageSize));
        if (before == null || !hashes.same(page, before)) {
          changed.set(page);
          if (!whole) {
            keeping.accept(page, all.slice(all.position() + i * pageSize, pageSize));
          }
        }
      }
      if (whole) {
        keeping.accept(first, all);
      }
    }
  }

  /** The transaction whose state it is. */
  BoltMeta meta() {
    return meta;
  }

  /** The pages in use, the metas among them, if all was read. */
  BitSet inUse() {
    return inUse;
  }

  /** The token that goes with the state. */
  String position() {
    return BoltState.position(identity, meta);
  }

  /** It was delivered: what is known from now on, in place of the state that was known before. */
  BoltState settle() {
    return settled.get();
  }

  /** Whether anything differs from the state that was known. */
  boolean hasChanges() {
    return !changed.isEmpty();
  }

  /** What differs. */
  PageFrames frames() {
    return consumer -> {
      int pageSize = meta.pageSize();
      int most = FRAME / pageSize;
      for (int page = changed.nextSetBit(0); page >= 0; ) {
        int end = Math.min(changed.nextClearBit(page), page + most);
        ByteBuffer data = ByteBuffer.allocate((end - page) * pageSize);
        kept.read(page, data);
        consumer.accept(new PageFrame(page + 1L, end - page - 1, data.flip()));
        page = changed.nextSetBit(end);
      }
    };
  }

  /** Fills the buffer with the pages from this one on, if all were kept. */
  void read(long firstPage, ByteBuffer target) throws IOException {
    if (!whole) {
      throw new IllegalStateException("only what differs was kept");
    }
    kept.read(firstPage, target);
  }

  /** By what it is known again, if all was kept; null for a large one. */
  @Nullable BoltSignature signature() throws IOException {
    return BoltState.signature(identity, meta, bytes());
  }

  private FileBytes bytes() {
    return new FileBytes() {
      @Override
      public Path path() {
        return Path.of("the image");
      }

      @Override
      public int read(ByteBuffer target, long position) throws IOException {
        int count = target.remaining();
        Reading.this.read(position / meta.pageSize(), target);
        return count;
      }
    };
  }

  @Override
  public void close() throws IOException {
    kept.close();
  }
}
