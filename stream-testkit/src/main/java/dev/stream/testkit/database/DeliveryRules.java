package dev.stream.testkit.database;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rules of what a source delivers, and the first one it broke. Thread-safe. */
final class DeliveryRules {

  private static final int CHUNK_PAGES = 7;
  private static final long READ_TWICE_LIMIT = 16 << 20;

  private final AtomicReference<@Nullable String> inCall = new AtomicReference<>();
  private final AtomicReference<@Nullable AssertionError> broken = new AtomicReference<>();

  void enter(String call) {
    String other = inCall.getAndSet(call);
    require(other == null, () -> call + " while " + other + " is under way in another thread");
  }

  void leave() {
    inCall.set(null);
  }

  void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      AssertionError error = new AssertionError(otherwise.get());
      broken.compareAndSet(null, error);
      throw error;
    }
  }

  void assertSound() {
    AssertionError error = broken.get();
    if (error != null) {
      throw new AssertionError("a rule was broken: " + error.getMessage(), error);
    }
  }

  /**
   * Goes through the frames once and returns a digest of them.
   *
   * @param failMidway whether to throw inside the consumer, which the source must let through
   */
  long checkFrames(PageFlush flush, boolean failMidway) throws IOException {
    long[] lastId = new long[1];
    long[] digest = new long[1];
    int pageSize = flush.pageSize();
    flush
        .frames()
        .forEach(
            frame -> {
              require(
                  frame.id() > lastId[0],
                  () -> "frame of page " + frame.id() + " after page " + lastId[0]);
              require(
                  frame.lastId() <= flush.highWaterMark(),
                  () -> "page " + frame.lastId() + " is beyond " + flush.highWaterMark());
              require(
                  frame.data().remaining() == frame.pages() * pageSize,
                  () -> frame.data().remaining() + " bytes for " + frame.pages() + " pages");
              lastId[0] = frame.lastId();
              for (int i = 0; i < frame.pages(); i++) {
                ByteBuffer page =
                    frame.data().slice(frame.data().position() + i * pageSize, pageSize);
                digest[0] = mix(digest[0], frame.id() + i, page);
              }
              if (failMidway) {
                throw new IOException("told to fail in the midst of a flush");
              }
            });
    return digest[0];
  }

  static long mix(long digest, long id, ByteBuffer page) {
    return (digest * 31 + id) * 31 + PageDigest.of(id, page);
  }

  /** Replaces what a file holds by an image. */
  void copy(DatabaseImage image, PageFile file) throws IOException {
    int pageSize = image.pageSize();
    require(
        Integer.bitCount(pageSize) == 1 && pageSize >= 512 && pageSize <= 65536,
        () -> "page size " + pageSize);
    require(image.highWaterMark() >= 0, () -> "high-water mark " + image.highWaterMark());
    file.clear(pageSize);
    file.resize(image.highWaterMark());
    readPages(image, CHUNK_PAGES, file::write);
    requireImage(image, pageSize, file.pages(), file.digest());
  }

  /** The image must be of this size and, read once more by other chunks, of these bytes. */
  void requireImage(DatabaseImage image, int pageSize, long pages, long digest) throws IOException {
    long txId = image.txId();
    require(
        image.pageSize() == pageSize && image.highWaterMark() == pages,
        () ->
            String.format(
                "image at %d has %d pages of %d bytes, replay has %d of %d",
                txId, image.highWaterMark(), image.pageSize(), pages, pageSize));
    if (pages * pageSize > READ_TWICE_LIMIT) {
      return;
    }
    for (int chunk : new int[] {1, 64}) {
      long[] sum = new long[1];
      readPages(image, chunk, (id, page) -> sum[0] += PageDigest.of(id, page));
      require(
          sum[0] == digest, () -> "image at " + txId + " reads otherwise than what was delivered");
    }
    image.position();
  }

  /** Takes a page. */
  private interface Pages {
    void accept(long id, ByteBuffer page) throws IOException;
  }

  private void readPages(DatabaseImage image, int chunk, Pages pages) throws IOException {
    int pageSize = image.pageSize();
    ByteBuffer buffer = ByteBuffer.allocateDirect(chunk * pageSize + 8);
    for (long id = 1; id <= image.highWaterMark(); id += chunk) {
      int count = (int) Math.min(chunk, image.highWaterMark() - id + 1);
      // Neither at the buffer's start nor with its limit at the end of what is asked for.
      buffer.clear().position(8);
      image.read(id, count, buffer);
      int expected = 8 + count * pageSize;
      require(
          buffer.position() == expected,
          () -> "read left the position at " + buffer.position() + ", not at " + expected);
      for (int i = 0; i < count; i++) {
        pages.accept(id + i, buffer.slice(8 + i * pageSize, pageSize));
      }
    }
  }
}
