package dev.stream.it.h2;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * Files whose writes are seen one by one, under the scheme {@code written}, whatever file system is
 * below. H2 makes instances by itself.
 */
public final class WrittenPath extends FilePathWrapper {

  private static final String SCHEME = "written";
  private static final Map<Path, WrittenFile> WATCHED = new ConcurrentHashMap<>();

  static {
    FilePath.register(new WrittenPath());
  }

  /** For H2. */
  public WrittenPath() {}

  /** Begins to watch a file, from when it is opened next; returns the prefix of its name. */
  static String watch(Path file, WrittenFile written) {
    WATCHED.put(file, written);
    return SCHEME + ":";
  }

  static void forget(Path file) {
    WATCHED.remove(file);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    FileChannel channel = super.open(mode);
    Path file = Path.of(name.substring(name.lastIndexOf(':') + 1));
    WrittenFile written = WATCHED.get(file);
    return written == null || mode.equals("r")
        ? channel
        : new WrittenChannel(channel, file, written);
  }
}
