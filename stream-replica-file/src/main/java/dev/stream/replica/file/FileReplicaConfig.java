package dev.stream.replica.file;

import java.nio.file.Path;

/**
 * Configuration of a replica in a folder.
 *
 * @param path the folder; its parent must exist when the first object is stored
 */
public record FileReplicaConfig(Path path) {

  /** Validates the path. */
  public FileReplicaConfig {
    // Configuration comes from outside the compiler's sight.
    if (path == null || path.toString().isBlank()) {
      throw new IllegalArgumentException("path must name a folder, such as \"/backups/app\"");
    }
  }
}
