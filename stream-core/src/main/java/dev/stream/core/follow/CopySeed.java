package dev.stream.core.follow;

import dev.stream.api.database.FollowedCopy;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.restore.RestorerBuilder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A state that was restored and proven beside the copy, and how the copy becomes equal to it: only
 * pages that differ are changed. The file itself must not take the copy's place while readers may
 * have that open: they would go on with the old file and the new one's journal.
 */
final class CopySeed implements FetchedState {

  private static final int RUN_BYTES = 1 << 18;

  private final RestoreState restored;
  private final int pageSize;
  private final int run;
  private @Nullable RandomAccessFile file;

  private CopySeed(RestoreState restored) {
    this.restored = restored;
    this.pageSize = restored.pageSize();
    this.run = Math.max(1, RUN_BYTES / pageSize);
  }

  /** Restores the newest state there is. */
  static CopySeed restore(FollowerBuilder options) throws IOException {
    RestorerBuilder restorer =
        Restorer.builder(place(options.copy), options.codecs)
            .databases(options.databases)
            .database(options.database)
            .force(true)
            .retry(options.retry)
            .listener(options.progress)
            .reuse(options.copy);
    options.replicas.forEach(each -> restorer.replica(each.replica()));
    return new CopySeed(restorer.build().restore());
  }

  /** Removes what a killed process left. */
  static void removeAbandoned(Path copy) throws IOException {
    Files.deleteIfExists(place(copy));
  }

  private static Path place(Path copy) {
    return copy.resolveSibling("." + copy.getFileName() + ".follow-seed");
  }

  RestoreState restored() {
    return restored;
  }

  @Override
  public CopyPosition to() {
    return new CopyPosition(
        restored.generation(),
        restored.txId(),
        restored.checksum(),
        restored.pageSize(),
        restored.highWaterMark());
  }

  @Override
  public String replica() {
    return restored.replica();
  }

  @Override
  public @Nullable Instant committedAt() {
    return restored.committedAt();
  }

  @Override
  public boolean isWhole() {
    return true;
  }

  /** The pages that are other ones in the copy as it is now. */
  @Override
  public PageFrames changes(FollowedCopy copy) throws IOException {
    BitSet differing = new BitSet();
    byte[] wanted = new byte[run * pageSize];
    ByteBuffer there = ByteBuffer.allocate(wanted.length);
    for (long first = 1; first <= restored.highWaterMark(); first += run) {
      int count = (int) Math.min(run, restored.highWaterMark() - first + 1);
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
    RandomAccessFile open = file;
    if (open == null) {
      // Not before: what becomes the copy itself must never be closed under SQLite's locks.
      open = new RandomAccessFile(restored.path().toFile(), "r");
      file = open;
    }
    open.seek((first - 1) * pageSize);
    open.readFully(target, 0, count * pageSize);
  }

  /** Removes it, unless it has become the copy. */
  @Override
  public void close() throws IOException {
    RandomAccessFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
    Files.deleteIfExists(restored.path());
  }
}
