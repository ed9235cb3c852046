package dev.stream.core.replicate;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import dev.stream.core.ByteImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A database in memory whose flushes are in the log before they are in its file, and which cannot
 * prove anything when it is opened. Remembers what was captured, by transaction.
 */
final class CommitPathDatabase implements PagedDatabase {

  /** A flush: pages by id from 1, and the size in pages after it. */
  record Flush(SortedMap<Long, byte[]> pages, int mark) {}

  final TreeMap<Long, byte[]> history = new TreeMap<>();
  final int pageSize;
  byte[] file;
  long txId;
  int unreadable;
  @Nullable Flush foundAtStart;
  private int skipped;
  private @Nullable PageFlushObserver observer;

  CommitPathDatabase(int pageSize, byte[] file) {
    this.pageSize = pageSize;
    this.file = file;
  }

  /** The same file in a new process, in which so many transactions went by unseen. */
  CommitPathDatabase reopened(int unseen) {
    CommitPathDatabase other = new CommitPathDatabase(pageSize, file.clone());
    other.history.putAll(history);
    other.skipped = unseen;
    other.unreadable = unreadable;
    other.foundAtStart = foundAtStart;
    return other;
  }

  int pages() {
    return file.length / pageSize;
  }

  /** A random change: pages are written, some with zeros, or added, or cut off. */
  Flush random(Random random) {
    int mark = pages();
    int kind = random.nextInt(10);
    if (mark == 0 || kind < 3) {
      mark += 1 + random.nextInt(8);
    } else if (kind < 5) {
      mark = random.nextInt(mark + 1);
    }
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (int i = random.nextInt(6); i > 0 && mark > 0; i--) {
      byte[] page = new byte[pageSize];
      if (random.nextInt(5) > 0) {
        random.nextBytes(page);
      }
      pages.put(1L + random.nextInt(mark), page);
    }
    return new Flush(pages, mark);
  }

  /** Captures a flush and does not write it, as if killed in between. */
  synchronized void capture(Flush flush) throws IOException {
    txId++;
    observer.onPageFlush(
        new PageFlush(txId, txId, pageSize, flush.mark(), "p" + txId, frames(flush)));
    history.put(txId, applied(flush));
  }

  private static PageFrames frames(Flush flush) {
    return consumer -> {
      for (var page : flush.pages().entrySet()) {
        consumer.accept(new PageFrame(page.getKey(), 0, ByteBuffer.wrap(page.getValue())));
      }
    };
  }

  /** The file after a flush. */
  byte[] applied(Flush flush) {
    byte[] next = Arrays.copyOf(file, flush.mark() * pageSize);
    flush.pages().forEach((id, page) -> put(next, id, page));
    return next;
  }

  private void put(byte[] target, long id, byte[] page) {
    System.arraycopy(page, 0, target, (int) (id - 1) * pageSize, pageSize);
  }

  /** Captures a flush and writes it. */
  synchronized void commit(Flush flush) throws IOException {
    capture(flush);
    file = applied(flush);
  }

  /** Writes a random part of a flush: some pages, some of them torn, and some of its size. */
  void writePart(Flush flush, Random random) {
    int least = Math.min(pages(), flush.mark());
    int most = Math.max(pages(), flush.mark());
    byte[] next = Arrays.copyOf(file, (least + random.nextInt(most - least + 1)) * pageSize);
    flush
        .pages()
        .forEach(
            (id, page) -> {
              if (id * pageSize <= next.length && random.nextBoolean()) {
                int length = random.nextInt(4) == 0 ? random.nextInt(pageSize) : pageSize;
                System.arraycopy(page, 0, next, (int) (id - 1) * pageSize, length);
              }
            });
    file = next;
  }

  @Override
  public DatabaseInfo info() {
    return new DatabaseInfo("model", Path.of("model.db"), "model 1");
  }

  @Override
  public synchronized void start(@Nullable ResumePosition resume, PageFlushObserver target)
      throws IOException {
    observer = target;
    txId = resume == null ? 0 : resume.txId();
    if (foundAtStart != null) {
      capture(foundAtStart);
    }
    txId += resume == null ? 0 : 1 + skipped;
    history.put(txId, file);
    while (unreadable > 0) {
      try {
        target.onBase(unreadable(), Continuity.lost("it cannot be read"));
        throw new AssertionError("taken without being read");
      } catch (IOException e) {
        unreadable--;
      }
    }
    target.onBase(snapshot(), Continuity.lost("it keeps no log"));
  }

  /** An image of which the scan succeeds and what comes after fails, if anything does. */
  private DatabaseImage unreadable() {
    DatabaseImage image = snapshot();
    return new DatabaseImage() {
      private boolean scanned;

      @Override
      public long txId() {
        return image.txId();
      }

      @Override
      public int pageSize() {
        return image.pageSize();
      }

      @Override
      public long highWaterMark() {
        return image.highWaterMark();
      }

      @Override
      public String position() {
        return image.position();
      }

      @Override
      public void read(long first, int count, ByteBuffer target) throws IOException {
        if (scanned) {
          throw new IOException("told to fail");
        }
        scanned = true;
        image.read(first, count, target);
      }

      @Override
      public void close() {}
    };
  }

  /** Continuity is in doubt while it is open. */
  synchronized void lose() throws IOException {
    history.put(++txId, file);
    observer.onBase(snapshot(), Continuity.lost("it was told to"));
  }

  @Override
  public synchronized DatabaseImage snapshot() {
    return new ByteImage(txId, pageSize, file);
  }

  @Override
  public void sync() {}

  @Override
  public synchronized void close() {
    observer = null;
  }
}
