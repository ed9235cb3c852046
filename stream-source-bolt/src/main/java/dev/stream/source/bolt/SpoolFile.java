package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Pages that were read, in a temporary file where each has the place that it has in the database;
 * what was not put there is zeros, and takes no space where the file system knows holes. The file
 * loses its name as soon as it is open, so that nothing is left of it whatever happens.
 */
final class SpoolFile implements AutoCloseable {

  private static final int BATCH = 256 << 10;

  private final FileChannel channel;
  private final Path folder;
  private final int pageSize;
  private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH);
  private long batchAt;

  private SpoolFile(FileChannel channel, Path folder, int pageSize) {
    this.channel = channel;
    this.folder = folder;
    this.pageSize = pageSize;
  }

  /** Opens an empty one in the folder for temporary files. */
  static SpoolFile open(Path folder, int pageSize) throws IOException {
    try {
      Path file = Files.createTempFile(folder, "stream-bolt-", ".pages");
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      return new SpoolFile(channel, folder, pageSize);
    } catch (IOException e) {
      throw new NotKeptException(folder, e);
    }
  }

  /** Puts neighbouring pages there. */
  void put(long firstPage, ByteBuffer pages) throws IOException {
    long at = firstPage * pageSize;
    if (at != batchAt + batch.position() || pages.remaining() > batch.remaining()) {
      flush();
      batchAt = at;
    }
    if (pages.remaining() > batch.remaining()) {
      write(pages, at);
      batchAt = at;
    } else {
      batch.put(pages);
    }
  }

  /** To be called after the last page, before the first is read. */
  void flush() throws IOException {
    write(batch.flip(), batchAt);
    batch.clear();
  }

  private void write(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw new NotKeptException(folder, e);
    }
  }

  /** Fills the buffer with the pages from this one on. */
  void read(long firstPage, ByteBuffer target) throws IOException {
    readAt(firstPage * pageSize, target);
  }

  /** Fills the buffer from a byte on. */
  void readAt(long position, ByteBuffer target) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        // Nothing was put there or after it.
        target.put(new byte[target.remaining()]);
        return;
      }
      at += count;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
