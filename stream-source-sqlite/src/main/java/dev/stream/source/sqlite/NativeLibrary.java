package dev.stream.source.sqlite;

import dev.stream.api.database.CheckImpossibleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite's native library. sqlite-jdbc unpacks it into a folder for temporary files and says of a
 * failure only that there was none; what is wrong with that folder is found out here.
 */
final class NativeLibrary {

  private static final String FOLDER_PROPERTY = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /**
   * Loads the library if that has not been done.
   *
   * @throws CheckImpossibleException if it cannot be loaded, saying why and what to do
   */
  static void require() throws CheckImpossibleException {
    try {
      if (SQLiteJDBCLoader.initialize()) {
        return;
      }
      throw failed(new IOException("sqlite-jdbc does not say why"));
    } catch (CheckImpossibleException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      throw failed(e);
    }
  }

  private static CheckImpossibleException failed(Throwable cause) {
    String folder = System.getProperty(FOLDER_PROPERTY, System.getProperty("java.io.tmpdir", ""));
    String wrong = problem(folder);
    return new CheckImpossibleException(
        "SQLite's native library cannot be loaded"
            + (wrong == null
                ? ": " + cause.getMessage()
                : ", for it would be unpacked into " + folder + ", which " + wrong)
            + "; name a folder that may be written and hold programs, with -D"
            + FOLDER_PROPERTY
            + "=FOLDER (for the command: in STREAM_JAVA_OPTS)",
        cause);
  }

  /** What keeps a library from being unpacked into a folder and run; null if nothing is seen. */
  private static @Nullable String problem(String folder) {
    try {
      Path path = Path.of(folder).toAbsolutePath();
      if (!Files.isDirectory(path)) {
        return "is no folder";
      }
      if (!Files.isWritable(path)) {
        return "cannot be written by this user, or is mounted read-only";
      }
      if (Files.isReadable(Path.of("/proc/self/mounts"))
          && isNoExec(path.toRealPath(), Files.readAllLines(Path.of("/proc/self/mounts")))) {
        return "is mounted noexec: programs in it are not run";
      }
      return path.toFile().getUsableSpace() == 0 ? "is full" : null;
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }

  /** Whether the file system that a folder is on, by lines of a mount table, runs no programs. */
  static boolean isNoExec(Path folder, List<String> mounts) {
    int longest = -1;
    boolean noexec = false;
    for (String mount : mounts) {
      String[] fields = mount.split(" ", 5);
      if (fields.length < 4) {
        continue;
      }
      Path point = Path.of(fields[1].replace("\\040", " "));
      // A later mount hides an earlier one of the same place.
      if (folder.startsWith(point) && point.getNameCount() >= longest) {
        longest = point.getNameCount();
        noexec = List.of(fields[3].split(",", -1)).contains("noexec");
      }
    }
    return noexec;
  }
}
