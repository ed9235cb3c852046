package dev.stream.core.capture;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.LogReader;
import dev.stream.core.shadow.LogRecord;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.PageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pages of an image that are not what is known of them, found in one pass and a bit of memory a
 * page.
 *
 * @param pages the pages
 * @param checksum the database checksum of the image
 * @param related whether any page that tells something is what it was
 */
public record ImageDifferences(PageSet pages, long checksum, boolean related) {

  /** What a flush of one page needs of the heap, from its capture to its being sealed. */
  private static final int HEAP_PER_PAGE = 64;

  /** A page of fewer bytes that are not zero tells nothing: such as that of an empty table. */
  private static final int TELLING = 64;

  /**
   * Compares all pages of an image.
   *
   * @param lock taken for each look at the table, so that capture may go on meanwhile
   */
  public static ImageDifferences between(
      DatabaseImage image, PageHashTable table, ReentrantLock lock) throws IOException {
    PageSet pages = new PageSet();
    int pageSize = image.pageSize();
    long[] checksum = {0};
    boolean[] related = {false};
    long[] hashes = new long[ImagePages.PIECE / pageSize + 1];
    new ImagePages(image)
        .read(
            1,
            image.highWaterMark(),
            frame -> {
              byte[] data = frame.data().array();
              for (int i = 0; i < frame.pages(); i++) {
                hashes[i] = PageHash.of(frame.id() + i, data, i * pageSize, pageSize);
                checksum[0] ^= hashes[i];
              }
              lock.lock();
              try {
                for (int i = 0; i < frame.pages(); i++) {
                  if (table.get(frame.id() + i) != hashes[i]) {
                    pages.add(frame.id() + i);
                  } else if (!related[0]) {
                    related[0] = tells(data, i * pageSize, pageSize);
                  }
                }
              } finally {
                lock.unlock();
              }
            });
    return new ImageDifferences(pages, checksum[0], related[0]);
  }

  private static boolean tells(byte[] data, int offset, int length) {
    int telling = 0;
    for (int i = offset; i < offset + length && telling < TELLING; i++) {
      telling += data[i] == 0 ? 0 : 1;
    }
    return telling >= TELLING;
  }

  /** Whether one flush can carry them. A snapshot needs no memory that grows with them. */
  boolean fit() {
    return pages.size() < Runtime.getRuntime().maxMemory() / 4 / HEAP_PER_PAGE;
  }

  /**
   * Those that differ from the table of a later state, too: not what was captured since.
   *
   * @param logs what was captured since is in them
   */
  PageSet in(DatabaseImage image, DatabaseState later, PageHashTable table, List<Path> logs)
      throws IOException {
    PageSet captured = new PageSet();
    long[] least = {image.highWaterMark()};
    for (Path log : logs) {
      since(log, image.txId(), captured, least);
    }
    PageSet remaining = new PageSet();
    long common = least[0]; // what is after it was cut off since, whatever it was
    pages.forEachRun(
        (first, count) -> {
          for (long id = first; id < first + count && id <= common; id++) {
            if (!captured.has(id)) {
              remaining.add(id);
            }
          }
        });
    for (long id = common + 1; id <= later.highWaterMark(); id++) {
      if (!captured.has(id) && table.get(id) != 0) {
        remaining.add(id);
      }
    }
    return remaining;
  }

  private static void since(Path log, long txId, PageSet captured, long[] least)
      throws IOException {
    PageSet unfinished = new PageSet();
    try (LogReader reader = LogReader.open(log)) {
      LogRecord record;
      while ((record = reader.next((id, offset, data, at, length) -> unfinished.add(id))) != null) {
        if (record.txId() > txId) {
          least[0] = Math.min(least[0], record.after().highWaterMark());
          unfinished.forEachRun(
              (first, count) -> {
                for (long id = first; id < first + count; id++) {
                  captured.add(id);
                }
              });
        }
        unfinished.clear();
      }
    }
  }
}
