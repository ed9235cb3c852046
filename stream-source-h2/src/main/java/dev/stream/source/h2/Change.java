package dev.stream.source.h2;

import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one write or truncation makes of the file.
 *
 * @param firstId the first page whose bytes it sets
 * @param lastId the last one; {@code firstId - 1} if there is none
 * @param data these pages as they will be, read-only; null if there is none
 * @param pagesBefore the database's size in pages before it
 * @param size the file's size in bytes after it
 */
record Change(long firstId, long lastId, @Nullable ByteBuffer data, long pagesBefore, long size) {

  /**
   * A write. Copies nothing if it begins and ends where a page does, as H2's do.
   *
   * @param source the bytes, between position and limit, both of which are left alone
   */
  static Change write(OpenStore store, ByteBuffer source, long offset) throws IOException {
    long end = offset + source.remaining();
    long firstId = Pages.idAt(offset);
    long lastId = Pages.idAt(end - 1);
    ByteBuffer data;
    if (offset % Pages.SIZE == 0 && end % Pages.SIZE == 0) {
      data = source.slice().asReadOnlyBuffer();
    } else {
      ByteBuffer whole = read(store, firstId, lastId);
      int start = (int) (offset - Pages.offsetOf(firstId));
      data = whole.put(start, source, source.position(), source.remaining()).asReadOnlyBuffer();
    }
    return new Change(firstId, lastId, data, store.pages(), Math.max(store.size(), end));
  }

  /** A truncation, to fewer bytes than there are. */
  static Change truncation(OpenStore store, long size) throws IOException {
    long pages = Pages.count(size);
    int rest = (int) (size % Pages.SIZE);
    if (rest == 0) {
      return new Change(pages + 1, pages, null, store.pages(), size);
    }
    ByteBuffer page = read(store, pages, pages);
    page.put(rest, new byte[Pages.SIZE - rest]);
    return new Change(pages, pages, page.asReadOnlyBuffer(), store.pages(), size);
  }

  private static ByteBuffer read(OpenStore store, long firstId, long lastId) throws IOException {
    ByteBuffer pages = ByteBuffer.allocate((int) (lastId - firstId + 1) * Pages.SIZE);
    store.readForCommit(firstId, pages);
    return pages.clear();
  }

  /** The database's size in pages after it. */
  long pages() {
    return Pages.count(size);
  }

  /** The last page that is not afterwards what it was. */
  long lastTouched() {
    return Math.max(lastId, pagesBefore > pages() ? pagesBefore : 0);
  }

  /** What an observer gets of it. */
  PageFlush flush(long txId) {
    ByteBuffer bytes = data;
    return new PageFlush(
        txId,
        txId,
        Pages.SIZE,
        pages(),
        OpenStore.position(size),
        consumer -> {
          if (bytes != null) {
            consumer.accept(new PageFrame(firstId, (int) (lastId - firstId), bytes.duplicate()));
          }
        });
  }
}
