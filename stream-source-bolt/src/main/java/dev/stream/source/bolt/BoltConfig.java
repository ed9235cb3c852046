package dev.stream.source.bolt;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the database type {@code bolt}.
 *
 * @param path the database file
 * @param tempDir folder for what is read, until it is delivered: up to the size of the database
 *     while a snapshot is taken. On the file system of the database it also lets a busy file be
 *     cloned, where the file system can (btrfs, XFS). Null for Java's folder for temporary files
 */
public record BoltConfig(Path path, @Nullable Path tempDir) {

  /** A database whose copies go to Java's folder for temporary files. */
  public BoltConfig(Path path) {
    this(path, null);
  }

  /** Validates the path. */
  public BoltConfig {
    Objects.requireNonNull(path, "path is missing: the bolt database file");
    if (path.toString().isBlank()) {
      throw new IllegalArgumentException("path is empty: name the bolt database file");
    }
  }

  /** Where temporary files go. */
  Path temporary() {
    return tempDir == null ? Path.of(System.getProperty("java.io.tmpdir")) : tempDir;
  }
}
