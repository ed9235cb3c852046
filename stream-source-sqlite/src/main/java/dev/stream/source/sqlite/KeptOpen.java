package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Files that SQLite locks, open for reading once per process.
 *
 * <p>POSIX advisory locks belong to the process: closing <em>any</em> descriptor of a file drops
 * all locks the process holds on it, those of the application's own SQLite connections included
 * ("How To Corrupt An SQLite Database File", section 2.2). So a channel outlives every user of it.
 * It is closed only once the file has no name any more, so that nobody can open it, and this
 * process has no other descriptor of it, so that there is no lock to be dropped.
 */
final class KeptOpen {

  // By file key (device and inode): while a file is open here, its number is not given away. The
  // strong references matter: a channel that is collected is closed.
  private static final Map<Object, NamedChannel> CHANNELS = new HashMap<>();

  private record NamedChannel(Path path, FileChannel channel) {}

  private KeptOpen() {}

  /** A file and what identifies it. */
  record KeptFile(Object key, FileChannel channel) {

    /** Whether a path leads to this file. Once it is closed, another file may have its number. */
    boolean isAt(Path path) throws IOException {
      return channel.isOpen() && key.equals(WalFile.key(path));
    }
  }

  /** The file that a path leads to now. */
  static KeptFile at(Path realPath) throws IOException {
    synchronized (CHANNELS) {
      while (true) {
        Object key = WalFile.key(realPath);
        if (key == null) {
          throw new NoSuchFileException(realPath.toString());
        }
        NamedChannel open = CHANNELS.get(key);
        if (open != null) {
          return new KeptFile(key, open.channel());
        }
        FileChannel opened = FileChannel.open(realPath, StandardOpenOption.READ);
        Object now = WalFile.key(realPath);
        CHANNELS.put(key.equals(now) ? key : new Object(), new NamedChannel(realPath, opened));
      }
    }
  }

  /**
   * Closes what is left of files that were at this path and have no name any more, as far as this
   * process has no other descriptor of them.
   */
  static void releaseReplaced(Path realPath) throws IOException {
    synchronized (CHANNELS) {
      Object current = WalFile.key(realPath);
      Iterator<Map.Entry<Object, NamedChannel>> each = CHANNELS.entrySet().iterator();
      while (each.hasNext()) {
        Map.Entry<Object, NamedChannel> one = each.next();
        boolean replaced = one.getValue().path().equals(realPath) && !one.getKey().equals(current);
        if (replaced && OpenDescriptors.of(one.getKey()) == 1) {
          each.remove();
          one.getValue().channel().close();
        }
      }
    }
  }
}
