package dev.stream.source.h2;

import dev.stream.api.config.Secret;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the database type {@code h2}.
 *
 * @param path the store's file: that of an H2 database ends in {@code .mv.db}, which its JDBC URL
 *     leaves out; that of an MVStore is named as it is opened
 * @param user who asks a restored copy of an H2 database what it holds, in a drill; null for {@code
 *     sa}. Nothing else needs it
 * @param password that user's; null for an empty one
 */
public record H2Config(Path path, @Nullable String user, @Secret @Nullable String password) {

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

  /** Without a user of its own. */
  public H2Config(Path path) {
    this(path, null, null);
  }
}
