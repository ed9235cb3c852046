package dev.stream.source.h2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The store files of this JVM that are open, observed or registered, by real path. Thread-safe. */
final class StoreFiles {

  private static final String H2_SUFFIX = ".mv.db";

  private static final Map<Path, Entry> ENTRIES = new HashMap<>();

  private static final class Entry {
    final StoreFile file;
    int users;

    Entry(StoreFile file) {
      this.file = file;
    }
  }

  private StoreFiles() {}

  /** The store file at a path; each use is to be released once. */
  static StoreFile use(Path path) {
    Path real = real(path);
    synchronized (ENTRIES) {
      Entry entry = ENTRIES.computeIfAbsent(real, at -> new Entry(new StoreFile(at)));
      entry.users++;
      return entry.file;
    }
  }

  static void release(StoreFile file) {
    synchronized (ENTRIES) {
      Entry entry = ENTRIES.get(file.path());
      if (entry != null && --entry.users == 0) {
        ENTRIES.remove(file.path());
      }
    }
  }

  /**
   * Refuses to open an H2 database for which somebody registered by its name instead of its file's.
   */
  static void requireNotMeant(Path path) throws IOException {
    String name = path.toString();
    if (!name.endsWith(H2_SUFFIX)) {
      return;
    }
    Path named = Path.of(name.substring(0, name.length() - H2_SUFFIX.length()));
    Entry entry;
    synchronized (ENTRIES) {
      entry = ENTRIES.get(named);
    }
    if (entry != null && entry.file.isRegistered()) {
      throw new IOException(
          "an observer is registered for "
              + named
              + ", but the database's file is "
              + path
              + ": without it nothing would be replicated. Correct \"path\" of the database in the"
              + " configuration.");
    }
  }

  /** The path as symbolic links resolve it, as far as it exists. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      Path parent = absolute.getParent();
      Path name = absolute.getFileName();
      return parent == null || name == null ? absolute : real(parent).resolve(name);
    }
  }
}
