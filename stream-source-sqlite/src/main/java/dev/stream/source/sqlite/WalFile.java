package dev.stream.source.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A write-ahead log, open for reading. SQLite takes no locks on this file, so opening and closing
 * it disturbs nobody.
 */
final class WalFile implements Closeable {

  static final int FRAME_HEADER = 24;

  private final Path path;
  private final FileChannel channel;
  private final @Nullable Object fileKey;
  private final byte[] header = new byte[WalHeader.BYTES];

  private WalFile(Path path, FileChannel channel, @Nullable Object fileKey) {
    this.path = path;
    this.channel = channel;
    this.fileKey = fileKey;
  }

  /** Where the log of a database is. */
  static Path path(Path database) {
    return database.resolveSibling(database.getFileName() + "-wal");
  }

  static WalFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new WalFile(path, channel, key(path));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Identity of the file at a path; null if there is none. */
  static @Nullable Object key(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Whether the path still leads to the file that is open here. */
  boolean isCurrent() throws IOException {
    return fileKey != null && Objects.equals(fileKey, key(path));
  }

  Path path() {
    return path;
  }

  /** How many descriptors of this process refer to it; -1 if that cannot be told. */
  int descriptors() {
    return fileKey == null ? -1 : OpenDescriptors.of(fileKey);
  }

  long size() throws IOException {
    return channel.size();
  }

  /** The header as it stands now; null while there is none. */
  @Nullable WalHeader header() throws IOException {
    int got = read(0, ByteBuffer.wrap(header));
    return got == header.length ? WalHeader.parse(header) : null;
  }

  /**
   * Fills {@code target} from {@code offset} on as far as the file goes; returns the bytes read.
   */
  int read(long offset, ByteBuffer target) throws IOException {
    int total = 0;
    while (target.hasRemaining()) {
      int got = channel.read(target, offset + total);
      if (got < 0) {
        break;
      }
      total += got;
    }
    return total;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
