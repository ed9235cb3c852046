package dev.stream.testkit.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a replayed database, in memory or in a file. Not thread-safe. */
final class PageFile implements AutoCloseable {

  private final @Nullable FileChannel channel;
  private byte[] memory = new byte[0];
  private int pageSize;
  private long pages;
  private long[] digests = new long[0];
  private long digest;

  private PageFile(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  static PageFile inMemory() {
    return new PageFile(null);
  }

  static PageFile in(Path file) throws IOException {
    return new PageFile(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING));
  }

  int pageSize() {
    return pageSize;
  }

  long pages() {
    return pages;
  }

  /** The sum of the digests of all pages. */
  long digest() {
    return digest;
  }

  /** Forgets everything. */
  void clear(int newPageSize) throws IOException {
    resize(0);
    pageSize = newPageSize;
  }

  /** New pages are zeros. */
  void resize(long newPages) throws IOException {
    for (long id = newPages + 1; id <= pages; id++) {
      setDigest(id, 0);
    }
    int length = Math.toIntExact(newPages);
    if (newPages > digests.length) {
      digests = Arrays.copyOf(digests, Math.max(length, digests.length * 2));
    }
    if (channel == null) {
      memory = Arrays.copyOf(memory, Math.toIntExact(newPages * pageSize));
    } else if (newPages < pages) {
      channel.truncate(newPages * pageSize);
    }
    pages = newPages;
  }

  /** Writes one page, from a buffer whose position is left alone. */
  void write(long id, ByteBuffer page) throws IOException {
    setDigest(id, PageDigest.of(id, page));
    ByteBuffer source = page.duplicate();
    long at = (id - 1) * pageSize;
    if (channel == null) {
      source.get(memory, Math.toIntExact(at), pageSize);
    } else {
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    }
  }

  /** Everything; for databases that fit into memory. */
  byte[] bytes() throws IOException {
    if (channel == null) {
      return memory.clone();
    }
    ByteBuffer target = ByteBuffer.allocate(Math.toIntExact(pages * pageSize));
    while (target.hasRemaining()) {
      // Pages that no frame ever carried lie beyond the file's end, or in a hole.
      if (channel.read(target, target.position()) < 0) {
        break;
      }
    }
    return target.array();
  }

  private void setDigest(long id, long value) {
    int index = Math.toIntExact(id - 1);
    digest += value - digests[index];
    digests[index] = value;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
