package dev.stream.source.h2;

import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The frames of pages that were noted, read when they are handed over; 256 KiB at a time. */
final class RunFrames implements PageFrames {

  private static final int PAGES_AT_ONCE = 64;

  /** Where the pages are read. */
  @FunctionalInterface
  interface Source {
    /** Fills {@code target} from this page on. */
    void read(long firstPageId, ByteBuffer target) throws IOException;
  }

  private final PendingPages pages;
  private final long highWaterMark;
  private final Source source;

  RunFrames(PendingPages pages, long highWaterMark, Source source) {
    this.pages = pages;
    this.highWaterMark = highWaterMark;
    this.source = source;
  }

  @Override
  public void forEach(Consumer consumer) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(PAGES_AT_ONCE * Pages.SIZE);
    long id = pages.next(1);
    while (id > 0 && id <= highWaterMark) {
      long last = Math.min(pages.endOfRun(id), highWaterMark);
      while (id <= last) {
        int count = (int) Math.min(last - id + 1, PAGES_AT_ONCE);
        source.read(id, buffer.clear().limit(count * Pages.SIZE));
        consumer.accept(new PageFrame(id, count - 1, buffer.flip().asReadOnlyBuffer()));
        id += count;
      }
      id = pages.next(id);
    }
  }
}
