package dev.stream.source.sqlite;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of a followed copy, for reading and writing; as with {@link KeptOpen}, open once per
 * process and never closed, since closing would drop SQLite's locks on it. No channel: an interrupt
 * would close that. For one thread.
 */
final class CopyFile {

  private static final Map<Object, RandomAccessFile> FILES = new HashMap<>();

  private final Object key;
  private final RandomAccessFile file;

  private CopyFile(Object key, RandomAccessFile file) {
    this.key = key;
    this.file = file;
  }

  static CopyFile at(Path realPath) throws IOException {
    synchronized (FILES) {
      while (true) {
        Object key = WalFile.key(realPath);
        if (key == null) {
          throw new NoSuchFileException(realPath.toString());
        }
        RandomAccessFile open = FILES.get(key);
        if (open != null) {
          return new CopyFile(key, open);
        }
        RandomAccessFile opened = new RandomAccessFile(realPath.toFile(), "rw");
        Object now = WalFile.key(realPath);
        FILES.put(key.equals(now) ? key : new Object(), opened);
      }
    }
  }

  boolean isAt(Path realPath) throws IOException {
    return key.equals(WalFile.key(realPath));
  }

  /** Locks the whole file against other processes; null if one of them has a lock. */
  @Nullable FileLock tryLock() throws IOException {
    return file.getChannel().tryLock(0, Long.MAX_VALUE, false);
  }

  long length() throws IOException {
    return file.length();
  }

  /** The first bytes, fewer than 100 if the file is shorter. */
  byte[] header() throws IOException {
    byte[] header = new byte[(int) Math.min(SqliteHeader.BYTES, length())];
    read(0, header, 0, header.length);
    return header;
  }

  void read(long at, byte[] target, int offset, int length) throws IOException {
    file.seek(at);
    try {
      file.readFully(target, offset, length);
    } catch (EOFException e) {
      throw new IOException("the copy ends at byte " + length() + ": somebody cut it off", e);
    }
  }

  void write(long at, byte[] bytes, int length) throws IOException {
    file.seek(at);
    file.write(bytes, 0, length);
  }

  void resize(long length) throws IOException {
    if (file.length() != length) {
      file.setLength(length);
    }
  }

  void sync() throws IOException {
    file.getFD().sync();
  }
}
