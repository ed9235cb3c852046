package dev.stream.core.shadow;

import dev.stream.core.checksum.PageHash;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the last flush that was captured, as ids and hashes: 16 bytes of heap a page.
 *
 * <p>A source in the commit path has a flush in the shadow log before it writes the file. If the
 * process is killed in between, the file lacks the flush, or has a part of it: some of its pages,
 * any of them torn, and any size from the one before to the one after. Everything else in such a
 * file is as it was captured, which its checksum proves.
 *
 * <p>What the flush's own pages hold instead is not judged: whatever it is, a flush that carries
 * them makes the captured database equal to the file.
 */
public final class LastFlush {

  private final long markBefore;
  private final DatabaseState after;
  private final LongList ids;
  private final LongList hashes;

  private LastFlush(long markBefore, DatabaseState after, LongList ids, LongList hashes) {
    this.markBefore = markBefore;
    this.after = after;
    this.ids = ids;
    this.hashes = hashes;
  }

  /** The state after it. */
  public DatabaseState after() {
    return after;
  }

  /**
   * Whether a database of the same page size is the captured one, but for a part of this flush that
   * it lacks.
   */
  public boolean explains(PageHashTable database, long highWaterMark) {
    long mark = after.highWaterMark();
    if (!after.proven()
        || highWaterMark < Math.min(markBefore, mark)
        || highWaterMark > Math.max(markBefore, mark)) {
      return false;
    }
    long checksum = database.checksum() ^ database.checksumAbove(mark);
    for (int i = 0; i < ids.size(); i++) {
      checksum ^= database.get(ids.get(i)) ^ hashes.get(i);
    }
    return checksum == after.checksum();
  }

  /**
   * Hands over, ascending, the pages in which a database that this flush explains may differ from
   * what was captured: those of the flush, and those it was to cut off.
   */
  public void differing(long highWaterMark, PageSet.Runs runs) throws java.io.IOException {
    long first = 0;
    long next = 0; // the page after the run; no run yet while it is first
    for (int i = 0; i < ids.size() && ids.get(i) <= highWaterMark; i++) {
      long id = ids.get(i);
      if (id != next) {
        if (next > first) {
          runs.run(first, next - first);
        }
        first = id;
      }
      next = id + 1;
    }
    if (next > first) {
      runs.run(first, next - first);
    }
    long mark = after.highWaterMark();
    if (highWaterMark > mark) {
      runs.run(mark + 1, highWaterMark - mark);
    }
  }

  /** Gathers the pages of a log's records while they are read, and keeps those of the last. */
  static final class Collector implements LogReader.Pages {

    private LongList ids = new LongList();
    private LongList hashes = new LongList();
    private LongList unfinishedIds = new LongList();
    private LongList unfinishedHashes = new LongList();
    private long mark;
    private long markBefore;

    Collector(DatabaseState parent) {
      this.mark = parent.highWaterMark();
    }

    @Override
    public void page(long id, long fileOffset, byte[] data, int at, int length) {
      unfinishedIds.add(id);
      unfinishedHashes.add(PageHash.of(id, data, at, length));
    }

    /** The pages since the record before belong to this one, which is whole. */
    void whole(LogRecord record) {
      LongList spareIds = ids;
      LongList spareHashes = hashes;
      ids = unfinishedIds;
      hashes = unfinishedHashes;
      spareIds.cutTo(0);
      spareHashes.cutTo(0);
      unfinishedIds = spareIds;
      unfinishedHashes = spareHashes;
      markBefore = mark;
      mark = record.after().highWaterMark();
    }

    /** The last whole record, if it led to a state whose checksum is known. */
    @Nullable LastFlush last(DatabaseState end) {
      return end.proven() ? new LastFlush(markBefore, end, ids, hashes) : null;
    }
  }
}
