package dev.stream.core.replicate;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.LogReader;
import dev.stream.core.shadow.LogRecord;
import dev.stream.core.shadow.PageHashTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Fills page hashes from an image, and brings them up to date from logs. */
final class BaseScan {

  private BaseScan() {}

  /** The hashes of all pages of an image. */
  static PageHashTable hashes(DatabaseImage image) throws IOException {
    PageHashTable table = new PageHashTable();
    int pageSize = image.pageSize();
    new ImagePages(image)
        .read(
            1,
            image.highWaterMark(),
            frame -> {
              byte[] data = frame.data().array();
              for (int i = 0; i < frame.pages(); i++) {
                long id = frame.id() + i;
                table.set(id, PageHash.of(id, data, i * pageSize, pageSize));
              }
            });
    return table;
  }

  /** The state of which an image is, whose pages have these hashes. */
  static DatabaseState state(DatabaseImage image, PageHashTable hashes) {
    return DatabaseState.of(
        image.txId(), hashes.checksum(), image.pageSize(), image.highWaterMark(), image.position());
  }

  private record HashedPage(long id, long hash) {}

  /** Applies the records of a log after {@code txId}. */
  static void replay(Path file, long txId, PageHashTable table) throws IOException {
    try (LogReader reader = LogReader.open(file)) {
      List<HashedPage> pages = new ArrayList<>();
      LogRecord record;
      while ((record =
              reader.next(
                  (id, offset, data, at, length) ->
                      pages.add(new HashedPage(id, PageHash.of(id, data, at, length)))))
          != null) {
        if (record.txId() > txId) {
          table.truncate(record.after().highWaterMark());
          pages.forEach(page -> table.set(page.id(), page.hash()));
        }
        pages.clear();
      }
    }
  }
}
