package dev.stream.api.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes the names of files durable. Safe for use by several threads. */
public final class Folders {

  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private Folders() {}

  /**
   * The folder that a file is in.
   *
   * @throws IOException if it is in none, since it is a root
   */
  public static Path of(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(file + " is in no folder");
    }
    return parent;
  }

  /**
   * Makes durable which files are in a folder, and under which names: a file that was created,
   * renamed or deleted there stays so over a power cut once this returns. Of the files' contents it
   * says nothing. Works in a thread that is being interrupted too, which stays interrupted.
   *
   * @throws IOException if the folder cannot be opened, or its disk fails
   */
  public static void sync(Path folder) throws IOException {
    if (WINDOWS) {
      return; // A folder cannot be opened there, and names are durable without.
    }
    // The channel of a thread that is being interrupted would close under it.
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
