package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Clones a file where the file system can share its blocks (btrfs, XFS): one step, during which
 * nobody writes, so that the clone is one state however busy the writer is. Java has no way to ask
 * for it, {@code cp --reflink=always} has, and fails where it cannot. For use by one thread.
 */
final class FileClone {

  private static final long PATIENCE_SECONDS = 60;

  private final List<String> command;
  private final Path folder;
  private boolean impossible;

  /**
   * @param command what clones its first further argument to its second one
   * @param folder where clones are made
   */
  FileClone(List<String> command, Path folder) {
    this.command = command;
    this.folder = folder;
  }

  static FileClone in(Path folder) {
    return new FileClone(List.of("cp", "--reflink=always", "--"), folder);
  }

  /** The clone, which has no name any more; null if the file cannot be cloned. */
  @Nullable BoltFile of(BoltFile file) throws IOException {
    if (impossible || !Files.getFileStore(folder).equals(Files.getFileStore(file.path()))) {
      return null;
    }
    Path clone = Files.createTempFile(folder, "stream-bolt-", ".clone");
    try {
      if (!run(file.path(), clone)) {
        impossible = true;
        return null;
      }
      return file.isCurrent() ? BoltFile.open(clone) : null;
    } finally {
      Files.deleteIfExists(clone);
    }
  }

  private boolean run(Path from, Path to) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.add(from.toString());
    all.add(to.toString());
    Process process;
    try {
      process =
          new ProcessBuilder(all)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return false; // There is no such command on this machine.
    }
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted");
    } finally {
      process.destroyForcibly();
    }
  }
}
