package dev.stream.source.sqlite;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the database type {@code sqlite}.
 *
 * @param path the database file
 * @param networkFileSystem true if a database on a network file system may be switched to WAL mode:
 *     then only processes of one machine may use it; null counts as false
 */
public record SqliteConfig(Path path, @Nullable Boolean networkFileSystem) {

  /** A database on a file system of this machine. */
  public SqliteConfig(Path path) {
    this(path, null);
  }

  /** How programs write that they open a database, rather than where it is. */
  private static final Pattern URL =
      Pattern.compile("(?:jdbc:sqlite:(?:file:)?|sqlite:|file:)(?<file>[^?]*)(?:\\?.*)?");

  /** Validates the path. */
  public SqliteConfig {
    Objects.requireNonNull(path, "path is missing: the SQLite database file");
    if (path.toString().isBlank()) {
      throw new IllegalArgumentException("path is empty: name the SQLite database file");
    }
    Matcher url = URL.matcher(path.toString());
    if (url.matches()) {
      throw new IllegalArgumentException(
          "path " + path + " is a URL: name the file itself, such as " + file(url.group("file")));
    }
  }

  private static String file(String named) {
    return named.isBlank() || named.startsWith(":") ? "/data/app.db" : named;
  }
}
