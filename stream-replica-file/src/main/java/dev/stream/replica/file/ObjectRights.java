package dev.stream.replica.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may read what is stored: nobody who may not read the database, and the owner alone where that
 * is not known. Thread-safe.
 */
final class ObjectRights {

  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");

  /** The database's rights, as they are now. */
  private record Rights(@Nullable GroupPrincipal group, Set<PosixFilePermission> permissions) {}

  /** What was given to a file, with what it and the database were before: numbers, not names. */
  private record Given(Map<String, Object> database, Map<String, Object> file, Object mode) {}

  private volatile @Nullable Path database;
  private volatile @Nullable Given given;

  void like(Path file) {
    database = file;
  }

  /** The rights of a file that is being written; none where the file system has no such rights. */
  static FileAttribute<?>[] atFirst(Path folder) {
    return Files.getFileAttributeView(folder, PosixFileAttributeView.class) == null
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ALONE)};
  }

  /** Gives a finished file its rights. */
  void file(Path file) throws IOException {
    // The next file gets what the last one got, without reading the system's lists of groups anew.
    Map<String, Object> like = numbers(database);
    Map<String, Object> before = numbers(file);
    Given last = given;
    if (last != null && last.database().equals(like) && last.file().equals(before)) {
      Files.setAttribute(file, "unix:mode", last.mode());
      return;
    }
    give(file, false);
    Map<String, Object> after = numbers(file);
    if (like != null && before != null && after != null && after.get("mode") instanceof Integer i) {
      given = new Given(like, before, i & 0_7777);
    }
  }

  /** Group and mode as the system has them; null if there are none to be had. */
  private static @Nullable Map<String, Object> numbers(@Nullable Path path) {
    try {
      return path == null ? null : Files.readAttributes(path, "unix:gid,mode");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return null;
    }
  }

  /** Gives a new folder its rights: who may read objects may enter it. */
  void folder(Path folder) throws IOException {
    give(folder, true);
  }

  private void give(Path path, boolean isFolder) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Rights rights = rights();
    boolean ofGroup = view.readAttributes().group().equals(rights.group());
    Set<PosixFilePermission> given = EnumSet.copyOf(OWNER_ALONE);
    for (PosixFilePermission one : rights.permissions()) {
      boolean others = one == PosixFilePermission.OTHERS_READ;
      // Writing is for who stores; and another group than the database's must not read it.
      if (others || (one == PosixFilePermission.GROUP_READ && ofGroup)) {
        given.add(one);
      }
    }
    if (isFolder) {
      given.add(PosixFilePermission.OWNER_EXECUTE);
      if (given.contains(PosixFilePermission.GROUP_READ)) {
        given.add(PosixFilePermission.GROUP_EXECUTE);
      }
      if (given.contains(PosixFilePermission.OTHERS_READ)) {
        given.add(PosixFilePermission.OTHERS_EXECUTE);
      }
    }
    view.setPermissions(given);
  }

  private Rights rights() {
    Path file = database;
    try {
      PosixFileAttributes attributes =
          file == null ? null : Files.readAttributes(file, PosixFileAttributes.class);
      if (attributes != null) {
        return new Rights(attributes.group(), attributes.permissions());
      }
    } catch (IOException | UnsupportedOperationException e) {
      // It is missing just now, or cannot be looked at.
    }
    return new Rights(null, OWNER_ALONE);
  }
}
