package dev.stream.source.h2;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Configuration of the database type {@code h2}.
 *
 * @param path the store's file: that of an H2 database ends in {@code .mv.db}, which its JDBC URL
 *     leaves out; that of an MVStore is named as it is opened
 */
public record H2Config(Path path) {

  /** Validates the path. */
  public H2Config {
    Objects.requireNonNull(path, "path is missing: the file of the H2 database or MVStore");
    if (path.toString().isBlank()) {
      throw new IllegalArgumentException("path is empty: name the H2 database's file");
    }
    if (path.toString().startsWith("stream:") || path.toString().startsWith("jdbc:")) {
      throw new IllegalArgumentException(
          "path " + path + " is a URL: name the file itself, such as /data/app.mv.db");
    }
  }
}
