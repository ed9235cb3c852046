package dev.stream.core.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * To whom files belong that are made for a database, and who may read them: nobody who may not read
 * the database, and everybody who has to go on with it. Where the file system has no such rights,
 * nothing is done. Thread-safe; what they are does not change.
 */
public final class FileRights {

  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");

  /** For the owner alone; where there is nothing to follow. */
  public static final FileRights PRIVATE = new FileRights(null, null, OWNER_ALONE);

  private final @Nullable UserPrincipal owner;
  private final @Nullable GroupPrincipal group;
  private final Set<PosixFilePermission> permissions;

  /** What a file was in the end that was given these rights; null if none was. */
  private volatile @Nullable Numbers given;

  /** Owner, group and mode as the system has them: their names are in files that it reads anew. */
  private record Numbers(int owner, int group, int mode) {

    private static final int PERMISSIONS = 0_7777;

    /** Those of a file; null where the file system has none. */
    static @Nullable Numbers of(Path file) throws IOException {
      try {
        Map<String, Object> all = Files.readAttributes(file, "unix:uid,gid,mode");
        return all.get("uid") instanceof Integer owner
                && all.get("gid") instanceof Integer group
                && all.get("mode") instanceof Integer mode
            ? new Numbers(owner, group, mode & PERMISSIONS)
            : null;
      } catch (UnsupportedOperationException | IllegalArgumentException e) {
        return null;
      }
    }

    /** Whether the other has the same owner and group, so that only its mode may have to change. */
    boolean sameOwners(@Nullable Numbers other) {
      return other != null && owner == other.owner && group == other.group;
    }
  }

  private FileRights(
      @Nullable UserPrincipal owner,
      @Nullable GroupPrincipal group,
      Set<PosixFilePermission> permissions) {
    this.owner = owner;
    this.group = group;
    this.permissions = permissions;
  }

  /**
   * Those of a database file. If there is none, those that its application would give it: the owner
   * and group of the folder, for the group only if that may write there.
   */
  public static FileRights of(Path database) throws IOException {
    try {
      PosixFileAttributes file = attributes(database);
      if (file != null) {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(file.permissions());
        permissions.remove(PosixFilePermission.OWNER_EXECUTE);
        permissions.remove(PosixFilePermission.GROUP_EXECUTE);
        permissions.remove(PosixFilePermission.OTHERS_EXECUTE);
        permissions.addAll(OWNER_ALONE);
        return new FileRights(file.owner(), file.group(), permissions);
      }
      return PRIVATE;
    } catch (NoSuchFileException e) {
      return ofFolder(database.toAbsolutePath().getParent());
    }
  }

  private static FileRights ofFolder(@Nullable Path folder) throws IOException {
    try {
      PosixFileAttributes attributes = folder == null ? null : attributes(folder);
      if (attributes == null) {
        return PRIVATE;
      }
      Set<PosixFilePermission> permissions = EnumSet.copyOf(OWNER_ALONE);
      Set<PosixFilePermission> there = attributes.permissions();
      if (there.contains(PosixFilePermission.GROUP_WRITE)
          && !there.contains(PosixFilePermission.OTHERS_WRITE)) {
        permissions.add(PosixFilePermission.GROUP_READ);
        permissions.add(PosixFilePermission.GROUP_WRITE);
      }
      return new FileRights(attributes.owner(), attributes.group(), permissions);
    } catch (NoSuchFileException e) {
      return PRIVATE;
    }
  }

  private static @Nullable PosixFileAttributes attributes(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    return view == null ? null : view.readAttributes();
  }

  /** Gives them to a file. */
  public void giveFile(Path file) throws IOException {
    Numbers before = given;
    Numbers now = before == null ? null : Numbers.of(file);
    if (before != null && before.sameOwners(now)) {
      if (!before.equals(now)) {
        Files.setAttribute(file, "unix:mode", before.mode());
      }
      return;
    }
    give(file, permissions);
    given = Numbers.of(file);
  }

  /** Gives them to a folder: who may read its files may enter it. */
  public void giveFolder(Path folder) throws IOException {
    Set<PosixFilePermission> entering = EnumSet.copyOf(permissions);
    add(entering, PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE);
    add(entering, PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE);
    add(entering, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);
    give(folder, entering);
  }

  private static void add(
      Set<PosixFilePermission> to, PosixFilePermission read, PosixFilePermission enter) {
    if (to.contains(read)) {
      to.add(enter);
    }
  }

  private void give(Path path, Set<PosixFilePermission> wanted) throws IOException {
    // By its path, following links: otherwise it is opened and closed, which drops our locks on it.
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    PosixFileAttributes now = view.readAttributes();
    Set<PosixFilePermission> allowed = EnumSet.copyOf(wanted);
    boolean ofGroup = group == null || now.group().equals(group);
    if (!ofGroup) {
      // Before it changes hands: until then it is for its maker alone.
      view.setPermissions(ownerPart(wanted));
      ofGroup = isDone(() -> view.setGroup(group));
    }
    if (!ofGroup) { // another group than the database's must not read it
      allowed.removeIf(permission -> permission.name().startsWith("GROUP_"));
    }
    if (owner != null && !now.owner().equals(owner)) {
      boolean ignored = isDone(() -> view.setOwner(owner)); // only root can
    }
    view.setPermissions(allowed);
  }

  private static Set<PosixFilePermission> ownerPart(Set<PosixFilePermission> permissions) {
    Set<PosixFilePermission> part = EnumSet.copyOf(permissions);
    part.removeIf(permission -> !permission.name().startsWith("OWNER_"));
    return part;
  }

  /** A change that not everybody may make. */
  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  private static boolean isDone(Change change) {
    try {
      change.make();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** As {@code ls} has them. */
  @Override
  public String toString() {
    return PosixFilePermissions.toString(permissions) + " " + owner + " " + group;
  }
}
