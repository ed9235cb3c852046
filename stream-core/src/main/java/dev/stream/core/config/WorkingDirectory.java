package dev.stream.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder that relative paths are in. Java decodes its name by the locale: in one that is ASCII,
 * as where none is set, a name with an umlaut becomes another one, and so relative paths lead
 * elsewhere, perhaps to another database.
 */
public final class WorkingDirectory {

  private WorkingDirectory() {}

  /**
   * Why a path cannot be relied on; null if it can.
   *
   * @return a clause such as {@code is relative, but …}
   */
  public static @Nullable String problem(Path path) {
    return problem(path, Path.of(""), Path.of("."));
  }

  /**
   * As {@link #problem(Path)}.
   *
   * @param named the working directory as Java names it
   * @param real the working directory as the system knows it
   */
  static @Nullable String problem(Path path, Path named, Path real) {
    if (path.isAbsolute()) {
      return null;
    }
    Path folder = named.toAbsolutePath();
    try {
      if (Files.isSameFile(folder, real)) {
        return null;
      }
    } catch (IOException e) {
      // It is not there under that name.
    }
    return "is relative, but the name of the working directory cannot be told in the character"
        + " encoding of this locale ("
        + System.getProperty("sun.jnu.encoding")
        + "), so another file might be meant; set LC_ALL=C.UTF-8, or another UTF-8 locale, before"
        + " Java starts, or name the file absolutely";
  }
}
