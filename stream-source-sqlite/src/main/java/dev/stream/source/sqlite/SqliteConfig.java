package dev.stream.source.sqlite;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Configuration of the database type {@code sqlite}.
 *
 * @param path the database file
 */
public record SqliteConfig(Path path) {

  /** Validates the path. */
  public SqliteConfig {
    Objects.requireNonNull(path, "path is missing: the SQLite database file");
    if (path.toString().isBlank()) {
      throw new IllegalArgumentException("path is empty: name the SQLite database file");
    }
  }
}
