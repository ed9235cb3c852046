package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The database file itself, open for reading once per process and file, and never closed.
 *
 * <p>POSIX advisory locks belong to the process: closing <em>any</em> descriptor of a file drops
 * all locks the process holds on it, those of the application's own SQLite connections included
 * ("How To Corrupt An SQLite Database File", section 2.2). So the channel outlives every user of
 * this class; a file that is replaced costs one more descriptor.
 */
final class DatabaseFile {

  // By file key (device and inode): while a file is open here, its number is not given away.
  private static final Map<Object, DatabaseFile> OPEN = new ConcurrentHashMap<>();

  private final Path path;
  private final Object fileKey;
  private final FileChannel channel;

  private DatabaseFile(Path path, Object fileKey, FileChannel channel) {
    this.path = path;
    this.fileKey = fileKey;
    this.channel = channel;
  }

  /** The file at a real path (symbolic links resolved). */
  static DatabaseFile at(Path realPath) throws IOException {
    Object key = WalFile.key(realPath);
    if (key == null) {
      throw new NoSuchFileException(realPath.toString());
    }
    synchronized (OPEN) {
      DatabaseFile open = OPEN.get(key);
      if (open == null) {
        open = new DatabaseFile(realPath, key, FileChannel.open(realPath, StandardOpenOption.READ));
        OPEN.put(key, open);
      }
      return open;
    }
  }

  boolean isCurrent() throws IOException {
    return Objects.equals(fileKey, WalFile.key(path));
  }

  Path path() {
    return path;
  }

  long size() throws IOException {
    return channel.size();
  }

  /** Reads at {@code offset}; bytes past the end of the file are zeros. */
  void read(long offset, ByteBuffer target) throws IOException {
    long at = offset;
    while (target.hasRemaining()) {
      int got = channel.read(target, at);
      if (got < 0) {
        while (target.hasRemaining()) {
          target.put((byte) 0);
        }
        return;
      }
      at += got;
    }
  }

  /** The first 100 bytes; null if the file is empty. */
  @Nullable SqliteHeader header() throws IOException {
    if (size() == 0) {
      return null;
    }
    byte[] bytes = new byte[SqliteHeader.BYTES];
    read(0, ByteBuffer.wrap(bytes));
    return SqliteHeader.parse(path, bytes, size());
  }
}
