package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * A copy of all pages that a state may reach, in a temporary file. It is made in runs from the
 * first page to the last one; where the state moves on meanwhile, what is new in front of the end
 * of the copy is put in its place. For use by one thread at a time.
 */
final class PageCopy implements FileBytes, AutoCloseable {

  private static final int RUN = 256 << 10;

  private final Path database;
  private final SpoolFile file;
  private final int pageSize;
  private final ByteBuffer run = ByteBuffer.allocateDirect(RUN);
  private int next = 2;

  /**
   * Nothing is copied yet.
   *
   * @param database the file that is copied, for messages
   * @param folder for the temporary file
   */
  PageCopy(Path database, Path folder, int pageSize) throws IOException {
    this.database = database;
    this.file = SpoolFile.open(folder, pageSize);
    this.pageSize = pageSize;
  }

  /**
   * Copies the next run.
   *
   * @param inUse the pages that the state may reach, none of which lies at its end or above
   * @return whether there may be more
   */
  boolean copyRun(BoltFile from, BitSet inUse) throws IOException {
    int first = inUse.nextSetBit(next);
    if (first < 0) {
      file.flush();
      return false;
    }
    int end = Math.min(inUse.nextClearBit(first), first + RUN / pageSize);
    run.clear().limit((end - first) * pageSize);
    // The file may end before a page that a damaged one refers to; the walk through the copy says
    // so.
    from.read(run, (long) first * pageSize);
    file.put(first, run.flip());
    next = end;
    return true;
  }

  /** Takes pages that have become new since, unless they are copied later. */
  void put(long first, ByteBuffer pages) throws IOException {
    if (first < next) {
      file.put(first, pages);
    }
  }

  /** What is kept is this copy, as far as the pages are in use. */
  KeptPages kept(BoltMeta meta, BitSet inUse) {
    ByteBuffer metas = meta.firstPages();
    return new KeptPages() {
      @Override
      public void read(long firstPage, ByteBuffer target) throws IOException {
        int from = target.position();
        file.read(firstPage, target);
        Zeros.except(inUse, firstPage, target, from, pageSize);
        if (firstPage < 2) {
          int at = (int) firstPage * pageSize;
          int length = Math.min(metas.limit() - at, target.position() - from);
          target.put(from, metas, at, length);
        }
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Override
  public Path path() {
    return database;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    int count = target.remaining();
    file.readAt(position, target);
    return count;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
