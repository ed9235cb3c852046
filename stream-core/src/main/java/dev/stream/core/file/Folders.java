package dev.stream.core.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes names durable. */
public final class Folders {

  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private Folders() {}

  /** The folder that a file is in. */
  public static Path of(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(file + " is in no folder");
    }
    return parent;
  }

  public static void sync(Path folder) throws IOException {
    if (WINDOWS) {
      // A folder cannot be opened there, and names are durable without.
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
