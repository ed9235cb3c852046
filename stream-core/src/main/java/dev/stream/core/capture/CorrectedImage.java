package dev.stream.core.capture;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.shadow.DatabaseState;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An image in the place of a later state, of which it is asked only for pages that nothing captured
 * since has changed. Those after its end are zeros. Closing it does not close the image.
 */
record CorrectedImage(DatabaseImage image, DatabaseState later) implements DatabaseImage {

  @Override
  public long txId() {
    return later.txId();
  }

  @Override
  public int pageSize() {
    return image.pageSize();
  }

  @Override
  public long highWaterMark() {
    return image.txId() == later.txId() ? image.highWaterMark() : later.highWaterMark();
  }

  @Override
  public String position() {
    return later.position();
  }

  @Override
  public void read(long firstPageId, int count, ByteBuffer target) throws IOException {
    int there = (int) Math.max(0, Math.min(count, image.highWaterMark() - firstPageId + 1));
    if (there > 0) {
      image.read(firstPageId, there, target);
    }
    target.put(new byte[(count - there) * pageSize()]);
  }

  @Override
  public void close() {}
}
