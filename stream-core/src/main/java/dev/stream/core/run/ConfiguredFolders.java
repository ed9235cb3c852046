package dev.stream.core.run;

import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.RestoreConfig;
import dev.stream.core.config.StreamConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders that a configuration names on this machine. Where one lies in another, what is
 * deleted in one is lost in the other: a replica beside the shadow log of which it is the copy, or
 * two replicas that are one.
 *
 * @param shadow the shadow directory, as links resolve it
 * @param database the database file, likewise; null if the application hands it over
 * @param replicas the replicas that are folders
 * @param restores what restores write to, by its key: a file beside the database's, a folder
 */
record ConfiguredFolders(
    Path shadow, @Nullable Path database, List<Folder> replicas, List<Folder> restores) {

  /** A replica in a folder, or what a key names. */
  record Folder(String name, Path path) {}

  static ConfiguredFolders of(StreamConfig config) throws IOException {
    List<Folder> folders = new ArrayList<>();
    for (ReplicaConfig replica : config.replicas()) {
      Path folder = folder(replica);
      if (folder != null) {
        folders.add(new Folder(replica.name(), real(folder)));
      }
    }
    Path database = config.database() == null ? null : real(config.requireDatabase().path());
    return new ConfiguredFolders(real(config.shadowDir()), database, folders, restores(config));
  }

  private static List<Folder> restores(StreamConfig config) throws IOException {
    RestoreConfig restore = config.restore();
    List<Folder> restores = new ArrayList<>();
    Path target = restore.targetPath();
    boolean same = config.database() != null && !AutoRestoreTarget.of(config).elsewhere();
    if (target != null && !same) {
      restores.add(new Folder("restore.targetPath", real(target)));
    }
    if (restore.tempDir() != null) {
      restores.add(new Folder("restore.tempDir", real(restore.tempDir())));
    }
    if (config.drill() != null) {
      Path scratch = config.drill().scratchDir(config.shadowDir());
      restores.add(new Folder("drill.scratchDir", real(scratch)));
    }
    return restores;
  }

  /** The path that a replica of type {@code file}, or one that calls it so, keeps objects in. */
  static @Nullable Path folder(ReplicaConfig replica) {
    if (!(replica.config() instanceof Record config)) {
      return null;
    }
    for (RecordComponent component : config.getClass().getRecordComponents()) {
      if (component.getName().equals("path") && component.getType().equals(Path.class)) {
        try {
          return (Path) component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
          return null; // a plug-in that does not open its configuration has no folder to look at
        }
      }
    }
    return null;
  }

  /** The path as symbolic links resolve it, as far as it exists. */
  static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    return parent == null || name == null ? absolute : real(parent).resolve(name);
  }

  /**
   * Refuses folders that lie in each other.
   *
   * @throws IOException naming both
   */
  void requireApart() throws IOException {
    for (int i = 0; i < replicas.size(); i++) {
      Folder one = replicas.get(i);
      requireApart("replica " + one.name(), one.path(), "the shadow directory", shadow);
      for (Folder other : replicas.subList(i + 1, replicas.size())) {
        requireApart("replica " + one.name(), one.path(), "replica " + other.name(), other.path());
      }
      if (database != null && one.path().equals(database.getParent())) {
        throw new IOException(
            "replica "
                + one.name()
                + " is to be kept in "
                + one.path()
                + ", the folder of the database itself; nothing was changed. Give it a folder of"
                + " its own, best on another disk");
      }
      if (database != null && one.path().startsWith(database)) {
        throw new IOException(
            "replica "
                + one.name()
                + " is to be kept in "
                + one.path()
                + ", which is the database");
      }
    }
    for (Folder restore : restores) {
      requireOutside(restore, "the shadow directory", shadow);
      for (Folder replica : replicas) {
        requireOutside(restore, "replica " + replica.name(), replica.path());
      }
    }
  }

  private static void requireOutside(Folder restore, String what, Path folder) throws IOException {
    if (restore.path().startsWith(folder)) {
      throw new IOException(
          restore.name()
              + " is "
              + restore.path()
              + ", which is in "
              + folder
              + ", the folder of "
              + what
              + ", where nobody else may write; nothing was changed. Name another place");
    }
  }

  private static void requireApart(String one, Path path, String other, Path otherPath)
      throws IOException {
    if (path.startsWith(otherPath) || otherPath.startsWith(path)) {
      String where =
          path.equals(otherPath)
              ? "the same folder " + path
              : path + " and " + otherPath + ", of which one lies in the other";
      throw new IOException(
          one
              + " and "
              + other
              + " are "
              + where
              + ": what one deletes the other would lose; nothing was changed. Give each a folder"
              + " of its own");
    }
  }
}
