package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * The pages that were written anew, or came out of use, since a state: the last content of each,
 * zeros where it is no more in use. For use by one thread at a time.
 */
final class Changes implements KeptPages {

  private final Spool spool;
  private final int pageSize;
  private final BitSet pages = new BitSet();
  private final BitSet inUse = new BitSet();

  /**
   * None yet.
   *
   * @param folder for a temporary file, should one be needed
   */
  Changes(Path folder, int pageSize) {
    this.spool = new Spool(folder, pageSize);
    this.pageSize = pageSize;
  }

  /** Takes neighbouring pages, all that remain in the buffer. */
  void put(long first, ByteBuffer bytes) throws IOException {
    int end = (int) first + bytes.remaining() / pageSize;
    pages.set((int) first, end);
    inUse.set((int) first, end);
    spool.put(first, bytes);
  }

  /** Takes it that pages are no more in use. */
  void gone(BitSet these) {
    pages.or(these);
    inUse.andNot(these);
  }

  /** Takes what was changed after that. */
  void add(Changes later) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    later.spool.flush();
    for (int id = later.inUse.nextSetBit(0); id >= 0; id = later.inUse.nextSetBit(id + 1)) {
      later.spool.read(id, page.clear());
      put(id, page.flip());
    }
    BitSet gone = (BitSet) later.pages.clone();
    gone.andNot(later.inUse);
    gone(gone);
  }

  /**
   * The pages that differ from what is known of them.
   *
   * @param known takes what they are now
   */
  BitSet differing(HashChanges known) throws IOException {
    BitSet differing = new BitSet();
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    spool.flush();
    for (int id = pages.nextSetBit(0); id >= 0; id = pages.nextSetBit(id + 1)) {
      boolean differs;
      if (inUse.get(id)) {
        spool.read(id, page.clear());
        differs = known.set(id, page.flip());
      } else {
        differs = known.gone(id);
      }
      differing.set(id, differs);
    }
    return differing;
  }

  @Override
  public void read(long firstPage, ByteBuffer target) throws IOException {
    int from = target.position();
    spool.read(firstPage, target);
    Zeros.except(inUse, firstPage, target, from, pageSize);
  }

  @Override
  public void close() throws IOException {
    spool.close();
  }
}
