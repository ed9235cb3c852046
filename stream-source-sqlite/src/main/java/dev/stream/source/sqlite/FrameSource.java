package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Yields the page content of log frames, and of pages that have none. */
interface FrameSource {

  /**
   * Reads one page.
   *
   * @param entry page and frame, packed as in {@link CommitRun}; frame 0 is the database file
   * @param target gets the page's bytes at its position
   */
  void read(long entry, ByteBuffer target) throws IOException;

  /** Reads from the files as they stand; for use while a pin keeps them as they are. */
  static FrameSource files(WalFile wal, DatabaseFile file, WalHeader log) {
    return (entry, target) -> {
      long frame = CommitRun.frameOf(entry);
      int end = target.position() + log.pageSize();
      if (frame == 0) {
        int limit = target.limit();
        target.limit(end);
        file.read((CommitRun.page(entry) - 1) * log.pageSize(), target);
        target.limit(limit);
        return;
      }
      int limit = target.limit();
      target.limit(end);
      int got = wal.read(log.frameOffset(frame) + WalFile.FRAME_HEADER, target);
      target.limit(limit);
      if (got != log.pageSize()) {
        throw new IOException("frame " + frame + " of " + wal.path() + " is cut short");
      }
    };
  }
}
