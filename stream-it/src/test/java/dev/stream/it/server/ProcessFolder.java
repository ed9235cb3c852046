package dev.stream.it.server;

import dev.stream.it.Shell;
import dev.stream.it.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a server that runs as a process keeps on this machine. */
final class ProcessFolder implements AutoCloseable {

  private static final String PREFIX = "stream-it-server_";

  private static boolean tidied;

  private final Path root;
  private Tmpfs limited;

  private ProcessFolder(Path root) {
    this.root = root;
  }

  /** An empty one; those of test runs that were killed are removed first. */
  static ProcessFolder create(String server) throws IOException {
    removeStale();
    Path root = Files.createTempDirectory(PREFIX + TestRun.current() + "_" + server + "_");
    ProcessFolder folder = new ProcessFolder(root);
    Files.createDirectory(folder.data());
    Files.createDirectory(folder.files());
    return folder;
  }

  Path root() {
    return root;
  }

  Path data() {
    return root.resolve("data");
  }

  Path files() {
    return root.resolve("files");
  }

  Path log() {
    return root.resolve("log");
  }

  void limitData(long bytes) throws Exception {
    if (!Tmpfs.possible()) {
      throw new ServerMissingException(
          "a server's data folder can be bounded only by root, who may mount one, or in a"
              + " container: run the tests as root or start a Docker daemon");
    }
    limited = Tmpfs.mount(data(), Long.toString(bytes));
  }

  @Override
  public void close() throws IOException {
    if (limited != null) {
      limited.close();
      limited = null;
    }
    delete(root);
  }

  private static synchronized void removeStale() throws IOException {
    if (tidied) {
      return;
    }
    tidied = true;
    removeStale(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Removes the folders of which the test run is gone. */
  static void removeStale(Path temporary) throws IOException {
    List<Path> stale;
    try (Stream<Path> folders = Files.list(temporary)) {
      stale = folders.filter(ProcessFolder::isStale).toList();
    }
    for (Path folder : stale) {
      // Mostly there is nothing mounted; then this fails, and nothing is lost.
      Shell.run("umount", "-l", folder.resolve("data").toString());
      delete(folder);
    }
  }

  private static boolean isStale(Path folder) {
    String name = folder.getFileName().toString();
    if (!name.startsWith(PREFIX)) {
      return false;
    }
    String run = name.substring(PREFIX.length()).split("_", -1)[0];
    return TestRun.parse(run).filter(started -> !started.isAlive()).isPresent();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(folder)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : inside) {
      Files.deleteIfExists(path);
    }
  }
}
