package dev.stream.source.sqlite;

import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The pages of a run, read when they are asked for: neighbours go into one frame of at most 256
 * KiB, the only memory this needs.
 */
final class RunFrames implements PageFrames {

  private static final int FRAME_BYTES = 256 << 10;

  private final long[] entries;
  private final FrameSource source;
  private final int pageSize;

  /**
   * @param entries one per page, ascending
   */
  RunFrames(long[] entries, FrameSource source, int pageSize) {
    this.entries = entries;
    this.source = source;
    this.pageSize = pageSize;
  }

  @Override
  public void forEach(Consumer consumer) throws IOException {
    int perFrame = Math.max(1, Math.min(FRAME_BYTES / pageSize, entries.length));
    ByteBuffer buffer = ByteBuffer.allocate(perFrame * pageSize);
    int next = 0;
    while (next < entries.length) {
      long first = CommitRun.page(entries[next]);
      int count = 0;
      buffer.clear();
      while (count < perFrame
          && next + count < entries.length
          && CommitRun.page(entries[next + count]) == first + count) {
        source.read(entries[next + count], buffer);
        count++;
      }
      buffer.flip();
      consumer.accept(new PageFrame(first, count - 1, buffer));
      next += count;
    }
  }
}
