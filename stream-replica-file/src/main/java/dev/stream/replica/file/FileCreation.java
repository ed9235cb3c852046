package dev.stream.replica.file;

import dev.stream.api.replica.ObjectKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Gives a whole file a name that nothing has yet. A second name for it, a hard link, is made by the
 * file system only where there is none; a rename replaces. Thread-safe.
 */
final class FileCreation {

  /** Makes a second name for a file. */
  interface Linking {
    void link(Path target, Path staged) throws IOException;
  }

  private final Path root;
  private final FolderTree folders;
  private final Linking linking;
  private volatile boolean withoutLinks;

  FileCreation(Path root, FolderTree folders) {
    this(root, folders, Files::createLink);
  }

  FileCreation(Path root, FolderTree folders, Linking linking) {
    this.root = root;
    this.folders = folders;
    this.linking = linking;
  }

  /** False once the file system was found to have no hard links. */
  boolean isExclusive() {
    return !withoutLinks;
  }

  /** Makes the object; the staged name may remain beside it. */
  void publish(Path staged, ObjectKey key) throws IOException {
    folders.publish(
        staged,
        key,
        (target, file) -> {
          if (withoutLinks) {
            moveIfAbsent(target, file, key);
          } else {
            linkOrMove(target, file, key);
          }
        });
  }

  private void linkOrMove(Path target, Path staged, ObjectKey key) throws IOException {
    try {
      linking.link(target, staged);
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(target)) {
        throw new IOException(target + ": Is a directory", e);
      }
      throw FileFailures.exists(root, key, e);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      // File systems without links differ in what they say. But a rename succeeds there.
      moveIfAbsent(target, staged, key);
      withoutLinks = true;
    }
  }

  private void moveIfAbsent(Path target, Path staged, ObjectKey key) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(target)) {
      throw FileFailures.exists(root, key, null);
    }
    FolderTree.move(target, staged);
  }
}
