package dev.stream.core.follow;

import dev.stream.api.database.FollowedCopy;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import dev.stream.core.restore.RestoreState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * A state that was restored and proven beside the copy, and how the copy becomes equal to it: only
 * pages that differ are changed. The file itself must not take the copy's place while readers may
 * have that open: they would go on with the old file and the new one's journal.
 */
final class CopySeed implements AutoCloseable {

  private static final int RUN_BYTES = 1 << 18;

  private final RandomAccessFile file;
  private final int pageSize;
  private final long pages;
  private final int run;

  private CopySeed(RandomAccessFile file, int pageSize, long pages) {
    this.file = file;
    this.pageSize = pageSize;
    this.pages = pages;
    this.run = Math.max(1, RUN_BYTES / pageSize);
  }

  static CopySeed open(RestoreState restored) throws IOException {
    return new CopySeed(
        new RandomAccessFile(restored.path().toFile(), "r"),
        restored.pageSize(),
        restored.highWaterMark());
  }

  /** Where a seed lies until it is used. */
  static Path place(Path copy) {
    return copy.resolveSibling("." + copy.getFileName() + ".follow-seed");
  }

  static CopyPosition position(RestoreState restored) {
    return new CopyPosition(
        restored.generation(),
        restored.txId(),
        restored.checksum(),
        restored.pageSize(),
        restored.highWaterMark());
  }

  /** The pages that are other ones in the copy. */
  PageFrames differences(FollowedCopy copy) throws IOException {
    BitSet differing = new BitSet();
    byte[] wanted = new byte[run * pageSize];
    ByteBuffer there = ByteBuffer.allocate(wanted.length);
    for (long first = 1; first <= pages; first += run) {
      int count = (int) Math.min(run, pages - first + 1);
      read(first, count, wanted);
      there.clear();
      copy.read(pageSize, first, count, there);
      for (int i = 0; i < count; i++) {
        ByteBuffer one = ByteBuffer.wrap(wanted, i * pageSize, pageSize);
        if (!one.equals(there.slice(i * pageSize, pageSize))) {
          differing.set(Math.toIntExact(first + i));
        }
      }
    }
    return consumer -> frames(differing, consumer);
  }

  private void frames(BitSet differing, PageFrames.Consumer consumer) throws IOException {
    byte[] data = new byte[run * pageSize];
    for (int first = differing.nextSetBit(0); first >= 0; ) {
      int end = Math.min(differing.nextClearBit(first), first + run);
      read(first, end - first, data);
      consumer.accept(
          new PageFrame(
              first, end - first - 1, ByteBuffer.wrap(data, 0, (end - first) * pageSize)));
      first = differing.nextSetBit(end);
    }
  }

  private void read(long first, int count, byte[] target) throws IOException {
    file.seek((first - 1) * pageSize);
    file.readFully(target, 0, count * pageSize);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
