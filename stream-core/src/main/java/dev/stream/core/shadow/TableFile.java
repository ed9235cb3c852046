package dev.stream.core.shadow;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of page hashes. Not a {@code FileChannel}: an interrupt of the application's thread would
 * close that. Not mapped: a full disk under a hole in it would end the process.
 */
final class TableFile implements TableStorage {

  private final RandomAccessFile file;
  private final @Nullable Path temporary;

  TableFile(Path path) throws IOException {
    this(path, false);
  }

  private TableFile(Path path, boolean temporary) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "rw");
    this.temporary = temporary ? path : null;
  }

  /** One that is deleted when it is closed. */
  static TableFile temporary(Path path) throws IOException {
    return new TableFile(path, true);
  }

  @Override
  public long length() throws IOException {
    return file.length();
  }

  @Override
  public int read(long offset, byte[] target, int length) throws IOException {
    file.seek(offset);
    int done = 0;
    while (done < length) {
      int read = file.read(target, done, length - done);
      if (read < 0) {
        break;
      }
      done += read;
    }
    return done;
  }

  @Override
  public void write(long offset, byte[] source, int length) throws IOException {
    file.seek(offset);
    file.write(source, 0, length);
  }

  @Override
  public void setLength(long length) throws IOException {
    file.setLength(length);
  }

  @Override
  public void close() throws IOException {
    file.close();
    if (temporary != null) {
      Files.deleteIfExists(temporary);
    }
  }
}
