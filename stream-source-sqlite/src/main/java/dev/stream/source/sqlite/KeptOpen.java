package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Files that SQLite locks, open for reading once per process and never closed.
 *
 * <p>POSIX advisory locks belong to the process: closing <em>any</em> descriptor of a file drops
 * all locks the process holds on it, those of the application's own SQLite connections included
 * ("How To Corrupt An SQLite Database File", section 2.2). So a channel outlives every user of it,
 * and a file that is replaced costs one more descriptor.
 */
final class KeptOpen {

  // By file key (device and inode): while a file is open here, its number is not given away. The
  // strong references matter: a channel that is collected is closed.
  private static final Map<Object, FileChannel> CHANNELS = new HashMap<>();

  private KeptOpen() {}

  /** A file and what identifies it. */
  record KeptFile(Object key, FileChannel channel) {}

  /** The file that a path leads to now. */
  static KeptFile at(Path realPath) throws IOException {
    synchronized (CHANNELS) {
      while (true) {
        Object key = WalFile.key(realPath);
        if (key == null) {
          throw new NoSuchFileException(realPath.toString());
        }
        FileChannel open = CHANNELS.get(key);
        if (open != null) {
          return new KeptFile(key, open);
        }
        FileChannel opened = FileChannel.open(realPath, StandardOpenOption.READ);
        Object now = WalFile.key(realPath);
        CHANNELS.put(key.equals(now) ? key : new Object(), opened);
      }
    }
  }
}
