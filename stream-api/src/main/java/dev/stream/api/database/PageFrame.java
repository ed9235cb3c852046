package dev.stream.api.database;

import java.nio.ByteBuffer;

/**
 * A run of neighbouring pages: the page {@code id} and the {@code overflow} pages after it.
 *
 * @param id first page, from 1
 * @param overflow number of pages that follow in {@code data}
 * @param data {@code (overflow + 1) * pageSize} bytes between position and limit; valid, and not to
 *     be changed, only until the consumer returns
 */
public record PageFrame(long id, int overflow, ByteBuffer data) {

  /** Validates the ids. */
  public PageFrame {
    if (id < 1 || overflow < 0) {
      throw new IllegalArgumentException("page " + id + " with overflow " + overflow);
    }
  }

  /** Number of pages in the frame. */
  public int pages() {
    return overflow + 1;
  }

  /** Last page of the frame. */
  public long lastId() {
    return id + overflow;
  }
}
