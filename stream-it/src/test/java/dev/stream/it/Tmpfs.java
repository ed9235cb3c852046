package dev.stream.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of its own, for which the tests must be root. */
public final class Tmpfs implements AutoCloseable {

  private final Path place;

  private Tmpfs(Path place) {
    this.place = place;
  }

  public static boolean possible() throws Exception {
    return Shell.run("id", "-u").output().strip().equals("0")
        && Shell.run("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt").exit() == 0;
  }

  public static Tmpfs mount(Path place, String size) throws Exception {
    Files.createDirectories(place);
    Shell.expect("mount", "-t", "tmpfs", "-o", "size=" + size, "stream-it", place.toString());
    return new Tmpfs(place);
  }

  public Path path() {
    return place;
  }

  public void remount(String options) throws Exception {
    Shell.expect("mount", "-o", "remount," + options, place.toString());
  }

  @Override
  public void close() throws IOException {
    Shell.expect("umount", "-l", place.toString());
  }
}
