package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Copies of pages, taken before it was known whether the log would stay as it is. */
final class MemoryFrames {

  private MemoryFrames() {}

  /**
   * @param entries ascending; at most as many as one gap may hold
   */
  static FrameSource copy(long[] entries, FrameSource source, int pageSize) throws IOException {
    ByteBuffer[] pages = new ByteBuffer[entries.length];
    for (int i = 0; i < entries.length; i++) {
      pages[i] = ByteBuffer.allocate(pageSize);
      source.read(entries[i], pages[i]);
      pages[i].flip();
    }
    return (entry, target) -> {
      int at = indexOf(entries, CommitRun.page(entry));
      target.put(pages[at].duplicate());
    };
  }

  private static int indexOf(long[] entries, long page) {
    int low = 0;
    int high = entries.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (CommitRun.page(entries[middle]) < page) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (CommitRun.page(entries[low]) != page) {
      throw new IllegalStateException("page " + page + " of " + Arrays.toString(entries));
    }
    return low;
  }
}
