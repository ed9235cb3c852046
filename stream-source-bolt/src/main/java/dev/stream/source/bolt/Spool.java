package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pages that were read, until they are delivered: the few that a commit changed in memory, more of
 * them in a temporary file. What was not put there is zeros. For use by one thread.
 */
final class Spool implements KeptPages {

  private static final int MOST_IN_MEMORY = 1 << 20;

  private final Path folder;
  private final int pageSize;
  private final NavigableMap<Long, byte[]> inMemory = new TreeMap<>();
  private @Nullable SpoolFile file;

  /**
   * Empty.
   *
   * @param folder for a temporary file, should one be needed
   */
  Spool(Path folder, int pageSize) {
    this.folder = folder;
    this.pageSize = pageSize;
  }

  /** Puts neighbouring pages there. */
  void put(long firstPage, ByteBuffer pages) throws IOException {
    int bytes = pages.remaining();
    if (file == null && inMemory.size() * (long) pageSize + bytes > MOST_IN_MEMORY) {
      moveToFile();
    }
    if (file != null) {
      file.put(firstPage, pages);
      return;
    }
    for (long page = firstPage; pages.hasRemaining(); page++) {
      byte[] content = new byte[pageSize];
      pages.get(content);
      inMemory.put(page, content);
    }
  }

  private void moveToFile() throws IOException {
    SpoolFile opened = SpoolFile.open(folder, pageSize);
    file = opened;
    for (var page : inMemory.entrySet()) {
      opened.put(page.getKey(), ByteBuffer.wrap(page.getValue()));
    }
    inMemory.clear();
  }

  /** To be called after the last page, before the first is read. */
  void flush() throws IOException {
    if (file != null) {
      file.flush();
    }
  }

  @Override
  public void read(long firstPage, ByteBuffer target) throws IOException {
    if (file != null) {
      file.read(firstPage, target);
      return;
    }
    for (long page = firstPage; target.hasRemaining(); page++) {
      byte[] content = inMemory.get(page);
      int length = Math.min(pageSize, target.remaining());
      if (content == null) {
        target.put(new byte[length]);
      } else {
        target.put(content, 0, length);
      }
    }
  }

  @Override
  public void close() throws IOException {
    inMemory.clear();
    if (file != null) {
      file.close();
    }
  }
}
