package dev.stream.source.h2;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pages as they were before they were overwritten, in a temporary file. About 60 bytes of heap for
 * each. Not thread-safe.
 */
final class PreImages implements AutoCloseable {

  private final Map<Long, Long> offsets = new HashMap<>();
  private @Nullable Path path;
  private @Nullable RandomAccessFile file;
  private long end;

  boolean contains(long pageId) {
    return offsets.containsKey(pageId);
  }

  /** What is kept. */
  long bytes() {
    return end;
  }

  /** Keeps a page; {@code page} has its bytes from index 0 on. */
  void add(long pageId, byte[] page) throws IOException {
    RandomAccessFile target = file;
    if (target == null) {
      Path created = Files.createTempFile("stream-h2-", ".pages");
      path = created;
      target = new RandomAccessFile(created.toFile(), "rw");
      file = target;
    }
    target.seek(end);
    target.write(page, 0, Pages.SIZE);
    offsets.put(pageId, end);
    end += Pages.SIZE;
  }

  /** Puts a page that is contained into {@code target}, at its position. */
  void get(long pageId, ByteBuffer target) throws IOException {
    RandomAccessFile source = file;
    Long offset = offsets.get(pageId);
    if (source == null || offset == null) {
      throw new IllegalStateException("page " + pageId + " was not kept");
    }
    byte[] page = new byte[Pages.SIZE];
    source.seek(offset);
    source.readFully(page);
    target.put(page);
  }

  @Override
  public void close() throws IOException {
    offsets.clear();
    RandomAccessFile open = file;
    Path created = path;
    file = null;
    path = null;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      if (created != null) {
        Files.deleteIfExists(created);
      }
    }
  }
}
