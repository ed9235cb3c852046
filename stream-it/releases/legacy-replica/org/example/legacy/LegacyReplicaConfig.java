package org.example.legacy;

import java.nio.file.Path;

/**
 * Configuration of a replica {@code legacy}.
 *
 * @param box an existing folder that holds all objects side by side
 */
public record LegacyReplicaConfig(Path box) {

  /** Validates the folder's name. */
  public LegacyReplicaConfig {
    if (box == null) {
      throw new IllegalArgumentException("box must name a folder");
    }
  }
}
