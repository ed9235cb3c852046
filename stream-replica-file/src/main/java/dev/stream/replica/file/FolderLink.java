package dev.stream.replica.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A symbolic link to a folder that is met in a replica. Whoever keeps some of it on another disk
 * wants it followed; but one that comes back to where it is would never end, and what the kernel
 * shows as files holds no objects and much that cannot be read.
 *
 * @param root the replica's folder
 * @param folder the one that the link is in, as the walk came to it
 * @param link the link itself
 */
record FolderLink(Path root, Path folder, Path link) {

  /** The file systems of the kernel, by the names that Linux gives them. */
  private static final Set<String> KERNELS =
      Set.of(
          "proc",
          "sysfs",
          "cgroup",
          "cgroup2",
          "devpts",
          "debugfs",
          "tracefs",
          "securityfs",
          "configfs",
          "bpf");

  /** Linux does not follow so many links in a row either. */
  private static final int MANY = 40;

  /** Whether it must not be followed. */
  boolean leadsAstray() throws IOException {
    Path target = link.toRealPath();
    // Links may have led here, so each folder on the way is looked at, and not the last one only.
    for (Path passed = folder; passed != null; passed = passed.getParent()) {
      if (passed.toRealPath().startsWith(target)) {
        return true;
      }
      if (passed.equals(root)) {
        break;
      }
    }
    return KERNELS.contains(Files.getFileStore(target).type());
  }

  /** Whether a link that cannot be resolved leads to itself, by way of others or not. */
  static boolean leadsNowhere(Path link) throws IOException {
    Set<Path> passed = new HashSet<>();
    Path at = link.toAbsolutePath().normalize();
    while (Files.isSymbolicLink(at)) {
      if (!passed.add(at) || passed.size() > MANY) {
        return true;
      }
      at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
    }
    return passed.stream().anyMatch(at::startsWith);
  }
}
