package dev.stream.replica.file;

import dev.stream.api.file.Folders;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The folders of a replica: made durably when an object needs them, removed when they are empty,
 * and missed when somebody else removed them. Thread-safe.
 */
final class FolderTree {

  private static final int TRIES = 20;

  private final Path root;
  private final ObjectRights rights;

  /** Folders whose own entry is known to be on the disk. */
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  /** Held for writing while folders are removed, so that no put takes that for a loss. */
  private final ReadWriteLock removal = new ReentrantReadWriteLock();

  FolderTree(Path root, ObjectRights rights) {
    this.root = root;
    this.rights = rights;
  }

  /**
   * Makes the root if it is missing and was not there before.
   *
   * @throws ReplicaException as a conflict if the root, or the folder of the key's generation, has
   *     vanished since this instance used it; the next call makes it anew
   */
  void prepare(ObjectKey key) throws IOException {
    removal.readLock().lock();
    try {
      requireStillThere(root, key);
      Path file = root.resolve(key.value());
      Path generation = root.resolve(root.relativize(file).getName(0));
      if (!generation.equals(file)) {
        requireStillThere(generation, key);
      }
      if (!Files.isDirectory(root)) {
        makeRoot(key);
      }
    } finally {
      removal.readLock().unlock();
    }
  }

  private void requireStillThere(Path folder, ObjectKey key) throws ReplicaException {
    if (durable.contains(folder) && Files.notExists(folder)) {
      durable.removeIf(each -> each.startsWith(folder));
      throw new ReplicaException(
          Reason.CONFLICT,
          "cannot store "
              + key
              + ": the folder "
              + folder
              + " has vanished; somebody removed or unmounted what was replicated there");
    }
  }

  private void makeRoot(ObjectKey key) throws IOException {
    Path parent = root.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new ReplicaException(
          Reason.UNAVAILABLE,
          "cannot store "
              + key
              + ": neither the folder "
              + root
              + " nor the one above it exists; mount or create "
              + parent
              + "; nothing is lost, Stream retries");
    }
    makeFolder(root);
  }

  /** Gives a whole file another name. */
  interface Naming {
    void name(Path target, Path staged) throws IOException;
  }

  /** Puts a whole file into its place, durably. */
  void publish(Path staged, ObjectKey key) throws IOException {
    publish(staged, key, FolderTree::move);
  }

  static void move(Path target, Path staged) throws IOException {
    Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Gives a whole file its name, durably, in folders that are there. */
  void publish(Path staged, ObjectKey key, Naming naming) throws IOException {
    Path target = root.resolve(key.value());
    removal.readLock().lock();
    try {
      for (int i = 1; ; i++) {
        try {
          makeFolders(parent(target));
          naming.name(target, staged);
          Folders.sync(parent(target));
          return;
        } catch (NoSuchFileException e) {
          // Another process may have removed the folder, or one above it, because it was empty.
          if (i == TRIES || Files.notExists(staged)) {
            throw e;
          }
          durable.removeIf(each -> !each.equals(root) && Files.notExists(each));
        }
      }
    } finally {
      removal.readLock().unlock();
    }
  }

  /** Makes what is missing down to the folder, each entry forced before it is relied upon. */
  private void makeFolders(Path folder) throws IOException {
    if (durable.contains(folder)) {
      return;
    }
    if (folder.equals(root)) {
      if (root.getParent() != null) {
        Folders.sync(root.getParent());
      }
      durable.add(root);
      return;
    }
    makeFolders(parent(folder));
    makeFolder(folder);
    // This is also done if another thread or process made it: that may not have forced it yet.
    Folders.sync(parent(folder));
    durable.add(folder);
  }

  private void makeFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      rights.folder(folder);
    } catch (FileAlreadyExistsException e) {
      if (Files.notExists(folder)) {
        // It was removed again meanwhile, which is no reason to call it a file.
        throw new NoSuchFileException(folder.toString());
      }
      if (!Files.isDirectory(folder)) {
        throw new NotDirectoryException(folder + ": Not a directory");
      }
    }
  }

  /** Forces the folders in which objects were removed, and removes those left empty. */
  void removed(Collection<ObjectKey> keys) throws IOException {
    Set<Path> folders = new TreeSet<>();
    for (ObjectKey key : keys) {
      folders.add(parent(root.resolve(key.value())));
    }
    removal.writeLock().lock();
    try {
      for (Path folder : folders) {
        removeEmpty(folder);
      }
    } finally {
      removal.writeLock().unlock();
    }
  }

  private void removeEmpty(Path start) throws IOException {
    for (Path folder = start; !folder.equals(root); folder = parent(folder)) {
      // A link to a folder was put there by somebody who wants it to stay.
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        try {
          Files.delete(folder);
          durable.remove(folder);
        } catch (NoSuchFileException e) {
          durable.remove(folder);
        } catch (FileSystemException e) {
          // Mostly the folder is not empty. For other reasons, too, it may stay: the objects are
          // removed, and an empty folder hinders nobody.
          if (syncIfThere(folder)) {
            return;
          }
        }
      }
    }
  }

  /** False if another process has removed the folder meanwhile. */
  private static boolean syncIfThere(Path folder) throws IOException {
    try {
      Folders.sync(folder);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The parent of a path below the root, which always has one. */
  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }
}
