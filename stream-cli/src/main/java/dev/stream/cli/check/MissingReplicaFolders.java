package dev.stream.cli.check;

import dev.stream.core.config.StreamConfig;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The folders of a replica of type {@code file} that do not exist yet. The replica makes them for
 * its first object, and a check must not leave them behind.
 *
 * @param folders the deepest one first
 */
record MissingReplicaFolders(List<Path> folders) {

  static MissingReplicaFolders of(StreamConfig config, String replica) {
    List<Path> missing = new ArrayList<>();
    if (config.describe().get("replicas") instanceof List<?> shown) {
      for (Object one : shown) {
        if (one instanceof Map<?, ?> keys
            && replica.equals(keys.get("name"))
            && "file".equals(keys.get("type"))) {
          Path folder = Path.of(String.valueOf(keys.get("path"))).toAbsolutePath();
          while (folder != null && Files.notExists(folder)) {
            missing.add(folder);
            folder = folder.getParent();
          }
        }
      }
    }
    return new MissingReplicaFolders(missing);
  }

  /** Removes the folders that were made since, unless they hold something. */
  void remove() throws IOException {
    for (Path folder : folders) {
      try {
        boolean ignored = Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        return;
      }
    }
  }
}
