package dev.stream.core.pagestore;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A store of pages in one file, with Stream in the path of its commits. Thread-safe. */
final class PageStore implements PagedDatabase {

  static final int PAGE = 512;
  private static final String NO_POSITION = "none"; // an empty one is no place to resume from

  private final Path path;
  final RandomAccessFile file; // a FileChannel would close when a thread is interrupted
  private final NavigableSet<Long> due = new TreeSet<>(); // pages changed since the last delivery
  @Nullable PageFlushObserver observer;
  private @Nullable String doubt = "the store keeps no log of its commits";
  private boolean troubled;
  private long txId;
  private long delivered;

  PageStore(Path path) throws IOException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "rw");
  }

  /** Sets the size, and values: each from its page on, over as many pages as it takes. */
  synchronized void commit(Map<Long, byte[]> values, long pages) throws IOException {
    SortedMap<Long, byte[]> changed = new TreeMap<>();
    long commits = pages() == 0 ? 1 : ByteBuffer.wrap(page(1)).getLong() + 1;
    changed.put(1L, ByteBuffer.allocate(PAGE).putLong(commits).array()); // the header page
    for (Map.Entry<Long, byte[]> value : values.entrySet()) {
      for (int at = 0; at < value.getValue().length; at += PAGE) {
        byte[] page = Arrays.copyOfRange(value.getValue(), at, at + PAGE);
        changed.put(value.getKey() + at / PAGE, page);
      }
    }
    if (observer != null) {
      capture(changed, pages); // the log first, then the file
    }
    String before = doubt;
    doubt = "a commit failed while it was written"; // though the log has all of it
    file.setLength(pages * PAGE);
    for (Map.Entry<Long, byte[]> page : changed.entrySet()) {
      file.seek((page.getKey() - 1) * PAGE);
      file.write(page.getValue());
    }
    doubt = before;
  }

  /** Fails no commit: what is refused now is handed over with the next one. */
  private void capture(SortedMap<Long, byte[]> changed, long pages) {
    try {
      if (doubt != null) {
        deliver(observer, Map.of(), pages()); // a base: the file as it is, without this commit
      }
      txId++;
      due.addAll(changed.keySet());
      for (long id = pages + 1; id <= pages(); id++) {
        due.add(id); // cut off: should it come back before the next delivery, then as zeros
      }
      deliver(observer, changed, pages);
    } catch (IOException e) {
      troubled = true;
      observer.onTrouble("commits of " + path + " are not captured for now: " + e);
    }
  }

  private void deliver(PageFlushObserver to, Map<Long, byte[]> unwritten, long pages)
      throws IOException {
    try {
      if (doubt != null) {
        to.onBase(image(++txId), Continuity.lost(doubt));
      } else if (txId > delivered) {
        PageFrames frames = frames(due.headSet(pages, true), unwritten);
        to.onPageFlush(new PageFlush(delivered + 1, txId, PAGE, pages, NO_POSITION, frames));
      }
    } catch (RuntimeException e) {
      doubt = "the observer failed: " + e; // it may have taken the commit, or not
      throw new IOException(doubt, e);
    }
    doubt = null;
    delivered = txId;
    due.clear();
    if (troubled) {
      troubled = false;
      to.onRecovered();
    }
  }

  private PageFrames frames(NavigableSet<Long> ids, Map<Long, byte[]> unwritten) {
    return consumer -> {
      Long next = ids.ceiling(1L);
      while (next != null) {
        long first = next;
        ByteBuffer run = ByteBuffer.allocate(64 * PAGE); // neighbours go as one frame
        while (run.hasRemaining() && ids.contains(next)) {
          byte[] page = unwritten.get(next);
          run.put(page == null ? page(next) : page);
          next++;
        }
        consumer.accept(new PageFrame(first, (int) (next - first) - 1, run.flip()));
        next = ids.ceiling(next);
      }
    };
  }

  private byte[] page(long id) throws IOException {
    byte[] page = new byte[PAGE];
    file.seek((id - 1) * PAGE);
    file.readFully(page);
    return page;
  }

  private long pages() throws IOException {
    return file.length() / PAGE;
  }

  /**
   * A copy, for which commits wait: these stores are small. Large ones keep what they overwrite.
   */
  private DatabaseImage image(long at) throws IOException {
    byte[] copy = new byte[Math.toIntExact(file.length())];
    file.seek(0);
    file.readFully(copy);
    return new Image(at, PAGE, pages(), NO_POSITION, ByteBuffer.wrap(copy));
  }

  private record Image(
      long txId, int pageSize, long highWaterMark, String position, ByteBuffer bytes)
      implements DatabaseImage {

    @Override
    public void read(long firstPageId, int count, ByteBuffer target) {
      target.put(bytes.slice((int) (firstPageId - 1) * PAGE, count * PAGE));
    }

    @Override
    public void close() {}
  }

  @Override
  public DatabaseInfo info() {
    return new DatabaseInfo("pages", path, "PageStore 1");
  }

  @Override
  public synchronized void start(@Nullable ResumePosition resume, PageFlushObserver target)
      throws IOException {
    txId = resume == null ? 0 : resume.txId();
    deliver(target, Map.of(), pages()); // never proven: Stream proves it by the content, if it can
    observer = target;
  }

  @Override
  public synchronized void sync() throws IOException {
    if (observer != null) {
      deliver(observer, Map.of(), pages());
    }
  }

  @Override
  public synchronized DatabaseImage snapshot() throws IOException {
    sync();
    return image(txId);
  }

  @Override
  public synchronized void close() throws IOException {
    try (file) {
      sync();
    } finally {
      observer = null;
    }
  }
}
