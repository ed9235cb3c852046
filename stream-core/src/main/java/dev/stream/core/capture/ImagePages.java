package dev.stream.core.capture;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import dev.stream.core.shadow.PageSet;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the pages of an image in pieces of at most 1 MiB. */
final class ImagePages {

  static final int PIECE = 1 << 20;

  private final DatabaseImage image;
  private final ByteBuffer buffer;

  ImagePages(DatabaseImage image) {
    this.image = image;
    int pageSize = image.pageSize();
    this.buffer = ByteBuffer.allocate(Math.max(PIECE / pageSize, 1) * pageSize);
  }

  /** Hands over neighbouring pages; a frame's data has an array, and is valid during the call. */
  void read(long firstId, long count, PageFrames.Consumer consumer) throws IOException {
    int pageSize = image.pageSize();
    long end = firstId + count;
    long id = firstId;
    while (id < end) {
      int pages = (int) Math.min(buffer.capacity() / pageSize, end - id);
      image.read(id, pages, buffer.clear());
      consumer.accept(new PageFrame(id, pages - 1, buffer.flip()));
      id += pages;
    }
  }

  /** What the image holds of these pages. */
  PageFrames of(PageSet pages) {
    return consumer -> pages.forEachRun((first, count) -> read(first, count, consumer));
  }
}
