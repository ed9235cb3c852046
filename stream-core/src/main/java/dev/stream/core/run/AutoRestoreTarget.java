package dev.stream.core.run;

import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.StreamConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which file the automatic restore looks for, and restores.
 *
 * @param path the file
 * @param elsewhere whether it is another one than the database's: then only that it is missing is a
 *     reason to restore, and what the database itself is in is none
 */
public record AutoRestoreTarget(Path path, boolean elsewhere) {

  /**
   * The file that the configuration names.
   *
   * @throws IOException if it is a journal or the like of the database itself
   */
  public static AutoRestoreTarget of(StreamConfig config) throws IOException {
    DatabaseConfig database = config.requireDatabase();
    Path named = config.restore().targetPath();
    if (named == null
        || ConfiguredFolders.real(named).equals(ConfiguredFolders.real(database.path()))) {
      return new AutoRestoreTarget(database.path(), false);
    }
    for (Path companion : database.provider().companions(database.path())) {
      if (ConfiguredFolders.real(companion).equals(ConfiguredFolders.real(named))) {
        throw new IOException(
            "restore.targetPath is "
                + named
                + ", which belongs to the database "
                + database.path()
                + " and changes what it means; nothing was changed. Name another file");
      }
    }
    return new AutoRestoreTarget(named, true);
  }

  /**
   * Whether it has to be restored before the database is opened.
   *
   * @param defect what is wrong with the database's file; null if it is sound or missing
   */
  public boolean isDue(StreamConfig config, @Nullable String defect) {
    return config.restore().enabled() && (Files.notExists(path) || (defect != null && !elsewhere));
  }
}
