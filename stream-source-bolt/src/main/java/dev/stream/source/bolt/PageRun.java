package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A page and its overflow pages, which bolt treats as one large page. What is in front is in
 * memory; of a large value the rest is read where it is asked for. Used again for each page. For
 * use by one thread.
 */
final class PageRun {

  static final int BRANCH = 0x01;
  static final int LEAF = 0x02;
  static final int FREELIST = 0x10;
  static final int ELEMENT = 16;

  /** The elements of a page, 65535 at most, fit into what is in memory. */
  private static final int FRONT = 2 << 20;

  private static final int WINDOW = 1 << 20;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final FileBytes file;
  private final int pageSize;
  private ByteBuffer front;
  private ByteBuffer window = NOTHING;
  private long windowAt;
  private long id;
  private long bytes;

  PageRun(FileBytes file, int pageSize) {
    this.file = file;
    this.pageSize = pageSize;
    this.front = ByteBuffer.allocate(pageSize).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the page, and what it says of itself.
   *
   * @param pages how many pages may belong to it
   */
  void load(long page, long pages) throws IOException {
    id = page;
    windowAt = 0;
    window = NOTHING;
    bytes = pageSize;
    front.clear().limit(pageSize);
    fill(front, page * pageSize);
    if (front.getLong(0) != page) {
      throw damaged("says that it is page " + Long.toUnsignedString(front.getLong(0)));
    }
    long count = Integer.toUnsignedLong(front.getInt(12)) + 1;
    if (count > pages) {
      throw damaged("is said to be " + count + " pages long, of " + pages + " that are left");
    }
    bytes = count * pageSize;
    int inFront = (int) Math.min(bytes, FRONT);
    if (inFront > front.capacity()) {
      int room = Math.max(inFront, Math.min(FRONT, 2 * front.capacity()));
      front = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN).put(front.flip());
    }
    if (inFront > pageSize) {
      front.limit(inFront).position(pageSize);
      fill(front, page * pageSize + pageSize);
    }
    front.position(0);
  }

  long id() {
    return id;
  }

  /** How many pages it has. */
  int pages() {
    return (int) (bytes / pageSize);
  }

  int flags() {
    return Short.toUnsignedInt(front.getShort(8));
  }

  int count() {
    return Short.toUnsignedInt(front.getShort(10));
  }

  /** Where an element is, which has to be within the page. */
  int element(int index) throws DamagedFileException {
    long at = BoltMeta.PAGE_HEADER + (long) index * ELEMENT;
    require(at, ELEMENT);
    return (int) at;
  }

  int intAt(long at) throws IOException {
    if (isInFront(at, Integer.BYTES)) {
      return front.getInt((int) at);
    }
    ByteBuffer part = at(at, Integer.BYTES);
    return part.getInt(part.position());
  }

  long longAt(long at) throws IOException {
    if (isInFront(at, Long.BYTES)) {
      return front.getLong((int) at);
    }
    ByteBuffer part = at(at, Long.BYTES);
    return part.getLong(part.position());
  }

  private boolean isInFront(long at, int length) {
    return at >= 0 && at <= front.limit() - length;
  }

  byte[] copy(long at, int length) throws IOException {
    byte[] copy = new byte[length];
    at(at, length).get(copy);
    return copy;
  }

  /** A part of it, between position and limit; valid until the next call. */
  ByteBuffer at(long at, int length) throws IOException {
    require(at, length);
    if (isInFront(at, length)) {
      return front
          .duplicate()
          .order(ByteOrder.LITTLE_ENDIAN)
          .position((int) at)
          .limit((int) at + length);
    }
    if (at < windowAt || at + length > windowAt + window.limit()) {
      int size = (int) Math.min(bytes - at, Math.max(WINDOW, length));
      window = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      windowAt = at;
      fill(window, id * pageSize + at);
      window.position(0);
    }
    int from = (int) (at - windowAt);
    return window.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(from).limit(from + length);
  }

  /** Something is within the page. */
  void require(long at, long length) throws DamagedFileException {
    if (at < 0 || length < 0 || at > bytes - length) {
      throw damaged("has something at byte " + at + " that ends after its last byte");
    }
  }

  DamagedFileException damaged(String what) {
    return new DamagedFileException("page " + id + " of " + file.path() + " " + what);
  }

  /** Hands over all of its pages, in order. */
  void forEachPart(PageSink sink) throws IOException {
    sink.accept(id, front.duplicate().position(0));
    long at = front.limit();
    if (at == bytes) {
      return;
    }
    ByteBuffer part = ByteBuffer.allocate(WINDOW);
    while (at < bytes) {
      part.clear().limit((int) Math.min(WINDOW, bytes - at));
      fill(part, id * pageSize + at);
      sink.accept(id + at / pageSize, part.flip());
      at += part.limit();
    }
  }

  private void fill(ByteBuffer target, long position) throws IOException {
    int wanted = target.remaining();
    int read = file.read(target, position);
    if (read < wanted) {
      throw new DamagedFileException(
          file.path()
              + " is truncated: page "
              + id
              + " is in use, and the file ends at byte "
              + (position + read));
    }
  }
}
