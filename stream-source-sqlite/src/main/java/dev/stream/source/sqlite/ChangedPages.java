package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Which pages a run of commits changed, those without a frame included. */
final class ChangedPages {

  private ChangedPages() {}

  /**
   * The newest version of every page that the run changed. Pages that the database grew by, or was
   * cut back to and grew by again, without writing them (free pages) have no frame in the run; what
   * they hold is what a reader finds: an older frame that is not written back yet, or the file.
   */
  static long[] of(
      CommitRun run, LogPosition before, FrameIndex index, FrameSource source, long writtenBack)
      throws IOException {
    long mark = run.end().highWaterMark();
    int pageSize = run.end().pageSize();
    long lockPage = SqliteHeader.lockPage(pageSize);
    long[] framed =
        Arrays.stream(run.newestPerPage())
            .filter(e -> CommitRun.page(e) <= mark && CommitRun.page(e) != lockPage)
            .toArray();
    long grownFrom = Math.min(before.highWaterMark(), run.leastMark()) + 1;
    int at = firstAtOrAfter(framed, grownFrom);
    if (framed.length - at == mark - grownFrom + 1 || grownFrom > mark) {
      return framed;
    }
    long[] all = Arrays.copyOf(framed, framed.length + 64);
    int count = at;
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    for (long id = grownFrom; id <= mark; id++) {
      long entry;
      if (at < framed.length && CommitRun.page(framed[at]) == id) {
        entry = framed[at++];
      } else if (id == lockPage) {
        continue;
      } else {
        long frame = index.get(id);
        entry = CommitRun.pack(id, frame > writtenBack ? frame : 0);
        source.read(entry, page.clear());
        if (id > before.highWaterMark() && isZero(page.array())) {
          continue;
        }
      }
      if (count == all.length) {
        all = Arrays.copyOf(all, all.length * 2);
      }
      all[count++] = entry;
    }
    return Arrays.copyOf(all, count);
  }

  private static int firstAtOrAfter(long[] entries, long page) {
    int at = entries.length;
    while (at > 0 && CommitRun.page(entries[at - 1]) >= page) {
      at--;
    }
    return at;
  }

  private static boolean isZero(byte[] page) {
    for (byte b : page) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
