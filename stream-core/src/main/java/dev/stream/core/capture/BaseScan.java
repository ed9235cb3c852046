package dev.stream.core.capture;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.PageHashTable;
import java.io.IOException;

/** Fills page hashes from an image. */
final class BaseScan {

  private BaseScan() {}

  /** Sets the hashes of all pages of an image. */
  static void fill(PageHashTable table, DatabaseImage image) throws IOException {
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
  }

  /** The state of which an image is. */
  static DatabaseState state(DatabaseImage image, long checksum) {
    return DatabaseState.of(
        image.txId(), checksum, image.pageSize(), image.highWaterMark(), image.position());
  }
}
