package dev.stream.core.capture;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PagedDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The transactions of a source by the numbers that they are captured under. Both count alike, but
 * for catch-ups that the source knows nothing of: where it claims that nothing is missing, and the
 * content says otherwise. Changed with capture's lock held; may be read by any thread.
 */
final class SourceCount {

  private final AtomicLong ahead = new AtomicLong();

  /** From here on more is captured than the source counts. */
  void insert(long transactions) {
    long unused = ahead.addAndGet(transactions);
  }

  /** What the source hands over. */
  PageFlush captured(PageFlush flush) {
    long more = ahead.get();
    return more == 0
        ? flush
        : new PageFlush(
            flush.firstTxId() + more,
            flush.txId() + more,
            flush.pageSize(),
            flush.highWaterMark(),
            flush.position(),
            flush.frames());
  }

  /** An image that the source hands over, with capture's lock held. */
  DatabaseImage captured(DatabaseImage image) {
    return captured(image, ahead.get());
  }

  /** An image of the newest commit. */
  DatabaseImage image(PagedDatabase database) throws IOException {
    while (true) {
      long more = ahead.get();
      DatabaseImage image = database.snapshot();
      if (more == ahead.get()) {
        return captured(image, more);
      }
      image.close(); // which number it has cannot be told
    }
  }

  private static DatabaseImage captured(DatabaseImage image, long more) {
    return more == 0 ? image : new Renumbered(image, image.txId() + more);
  }

  private record Renumbered(DatabaseImage image, long txId) implements DatabaseImage {

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
    public void read(long firstPageId, int count, ByteBuffer target) throws IOException {
      image.read(firstPageId, count, target);
    }

    @Override
    public String signature() throws IOException {
      return image.signature();
    }

    @Override
    public Relation relationTo(String signature) throws IOException {
      return image.relationTo(signature);
    }

    @Override
    public long heldBytes() throws IOException {
      return image.heldBytes();
    }

    @Override
    public void close() throws IOException {
      image.close();
    }
  }
}
