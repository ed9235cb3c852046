package dev.stream.source.h2;

import dev.stream.api.database.DatabaseImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The file as it was at one transaction: what was overwritten since is among the pre-images, all
 * else is still in the file. Reading holds up no commit for longer than it takes to look that up.
 */
final class PinnedImage implements DatabaseImage {

  private final OpenStore store;
  private final Object pinning;
  private final long txId;
  private final long pages;
  private final String position;
  private final PreImages kept = new PreImages(); // with the lock held
  private @Nullable String lost; // with the lock held
  private boolean closed; // with the lock held

  PinnedImage(OpenStore store, Object pinning, long txId, long pages, String position) {
    this.store = store;
    this.pinning = pinning;
    this.txId = txId;
    this.pages = pages;
    this.position = position;
  }

  @Override
  public long txId() {
    return txId;
  }

  @Override
  public int pageSize() {
    return Pages.SIZE;
  }

  @Override
  public long highWaterMark() {
    return pages;
  }

  @Override
  public String position() {
    return position;
  }

  /**
   * Keeps what is about to be overwritten, with the lock held. Never fails: without room for it the
   * image is lost, not the commit.
   */
  void preserve(long firstId, long lastId) {
    if (lost != null) {
      return;
    }
    try {
      byte[] page = new byte[Pages.SIZE];
      for (long id = firstId; id <= Math.min(lastId, pages); id++) {
        if (!kept.contains(id)) {
          store.readForCommit(id, ByteBuffer.wrap(page));
          kept.add(id, page);
        }
      }
    } catch (IOException e) {
      lose(
          "what is overwritten could not be kept in "
              + System.getProperty("java.io.tmpdir")
              + " ("
              + e
              + ")");
    }
  }

  /** The image cannot be read any more. With the lock held. */
  void lose(String why) {
    if (lost == null) {
      lost = why;
    }
  }

  @Override
  public void read(long firstPageId, int count, ByteBuffer target) throws IOException {
    if (firstPageId < 1 || count < 0 || firstPageId + count - 1 > pages) {
      throw new IllegalArgumentException(
          "pages " + firstPageId + " to " + (firstPageId + count - 1) + " of " + pages);
    }
    int start = target.position();
    int end = start + count * Pages.SIZE;
    ByteBuffer part = target.duplicate().limit(end);
    requireThere();
    store.readForImage(Pages.offsetOf(firstPageId), part);
    // A page is kept before it is overwritten: one that is not kept now was read as it was.
    synchronized (pinning) {
      requireThere();
      for (int i = 0; i < count; i++) {
        if (kept.contains(firstPageId + i)) {
          kept.get(firstPageId + i, part.limit(end).position(start + i * Pages.SIZE));
        }
      }
    }
    target.position(end);
  }

  private void requireThere() throws IOException {
    synchronized (pinning) {
      if (closed) {
        throw new IllegalStateException("the image was closed");
      }
      if (lost != null) {
        throw new IOException(
            "the image of " + store.path() + " at transaction " + txId + " is gone: " + lost);
      }
    }
  }

  /** What was overwritten since. */
  @Override
  public long heldBytes() throws IOException {
    synchronized (pinning) {
      requireThere();
      return kept.bytes();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (pinning) {
      if (!closed) {
        closed = true;
        store.unpin(this);
        kept.close();
      }
    }
  }
}
