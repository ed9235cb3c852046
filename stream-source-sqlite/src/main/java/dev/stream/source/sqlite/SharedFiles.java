package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * The files {@code -wal} and {@code -shm}, which whoever comes first makes and all have to write.
 * SQLite gives them the database's mode, and its owner and group only if it runs as root. Made by
 * another user they may lock the application out of its own database.
 */
final class SharedFiles {

  private SharedFiles() {}

  /**
   * Refuses to be the one who makes such files, before anything is opened.
   *
   * @throws IOException if the database's owner could not write what this user makes beside it
   */
  static void require(Path database) throws IOException {
    Path folder = database.getParent();
    PosixFileAttributeView view =
        Files.getFileAttributeView(database, PosixFileAttributeView.class);
    String user = System.getProperty("user.name", "");
    if (view == null || folder == null || user.equals("root")) {
      return;
    }
    PosixFileAttributes file = view.readAttributes();
    if (file.owner().getName().equals(user)) {
      return;
    }
    // What belongs to whom, numbers without a name and folders that hand down their group
    // included, is best told by a file.
    Path probe = Files.createTempFile(folder, ".stream-probe-", ".tmp");
    try {
      PosixFileAttributes made = Files.readAttributes(probe, PosixFileAttributes.class);
      boolean ofGroup = made.group().equals(file.group());
      if (!made.owner().equals(file.owner()) && locksOut(file.permissions(), ofGroup)) {
        throw new IOException(
            database
                + " belongs to user "
                + file.owner()
                + " (group "
                + file.group()
                + "), and Stream runs as "
                + made.owner()
                + " (group "
                + made.group()
                + "): the files -wal and -shm that it would make beside the database could not be"
                + " written by its owner, who would find the database read-only. Nothing was"
                + " changed. Run Stream as "
                + file.owner()
                + " or as root, or have both in the database's group with mode 660, and the folder"
                + " hand it down (chmod g+s)");
      }
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /**
   * Whether the owner of a database could not write files of its mode that another user makes.
   *
   * @param ofGroup whether they are of the database's group
   */
  static boolean locksOut(Set<PosixFilePermission> mode, boolean ofGroup) {
    boolean group =
        mode.contains(PosixFilePermission.GROUP_READ)
            && mode.contains(PosixFilePermission.GROUP_WRITE);
    boolean others =
        mode.contains(PosixFilePermission.OTHERS_READ)
            && mode.contains(PosixFilePermission.OTHERS_WRITE);
    return !(ofGroup ? group : others);
  }
}
