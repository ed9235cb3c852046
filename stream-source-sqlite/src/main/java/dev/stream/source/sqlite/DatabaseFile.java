package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The database file itself, for reading; see {@link KeptOpen} for why it is never closed. */
final class DatabaseFile {

  private final Path path;
  private final KeptOpen.KeptFile file;

  private DatabaseFile(Path path, KeptOpen.KeptFile file) {
    this.path = path;
    this.file = file;
  }

  /** The file at a real path (symbolic links resolved). */
  static DatabaseFile at(Path realPath) throws IOException {
    return new DatabaseFile(realPath, KeptOpen.at(realPath));
  }

  boolean isCurrent() throws IOException {
    return file.isAt(path);
  }

  Path path() {
    return path;
  }

  long size() throws IOException {
    return file.channel().size();
  }

  /** Reads at {@code offset}; bytes past the end of the file are zeros. */
  void read(long offset, ByteBuffer target) throws IOException {
    long at = offset;
    while (target.hasRemaining()) {
      int got = file.channel().read(target, at);
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
