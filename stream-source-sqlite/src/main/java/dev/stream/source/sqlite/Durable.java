package dev.stream.source.sqlite;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What survives a power cut. */
final class Durable {

  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private Durable() {}

  static void write(Path file, byte[] bytes) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(0);
      out.write(bytes);
      out.getFD().sync();
    }
  }

  /** Makes the names in a file's folder durable. */
  static void folder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (WINDOWS || folder == null) {
      return; // A folder cannot be opened there, and names are durable without.
    }
    // A thread that is being interrupted could not: the channel would close under it.
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
