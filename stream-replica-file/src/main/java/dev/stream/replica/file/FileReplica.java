package dev.stream.replica.file;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.support.FailureCollection;
import dev.stream.api.replica.support.FolderListing;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

/** A replica in a folder; see the package. */
final class FileReplica implements Replica {

  private final Path root;
  private final ObjectRights rights = new ObjectRights();
  private final FolderTree folders;
  private final FileCreation creation;
  private final AtomicBoolean cleaned = new AtomicBoolean();

  FileReplica(Path root) {
    this.root = root;
    this.folders = new FolderTree(root, rights);
    this.creation = new FileCreation(root, folders);
  }

  @Override
  public String name() {
    return "file:" + root;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return store(key, body, folders::publish);
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    Path target = root.resolve(key.value());
    // This is checked before the whole body is written in vain.
    if (Files.isRegularFile(target)) {
      throw FileFailures.exists(root, key, null);
    }
    return store(key, body, creation::publish);
  }

  @Override
  public boolean createsExclusively() {
    return creation.isExclusive();
  }

  /** Puts a whole file into its place. */
  private interface Publication {
    void publish(Path staged, ObjectKey key) throws IOException;
  }

  private ObjectInfo store(ObjectKey key, ObjectBody body, Publication publication)
      throws IOException {
    try {
      folders.prepare(key);
      if (!cleaned.getAndSet(true)) {
        StagingFile.removeStale(root);
      }
      try (StagingFile staged = StagingFile.create(root)) {
        staged.fill(root, key, body);
        rights.file(staged.path());
        // This is asked before the rename: afterwards another put may already have replaced the
        // file.
        Instant modifiedAt = Files.getLastModifiedTime(staged.path()).toInstant();
        publication.publish(staged.path(), key);
        return new ObjectInfo(key, body.size(), modifiedAt);
      }
    } catch (IOException e) {
      // The space that a killed process still takes may be what is missing.
      cleaned.set(false);
      throw FileFailures.typed(root, "store " + key, e);
    }
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    Path file = root.resolve(key.value());
    String doing = "read " + key;
    try {
      // A folder can be opened like a file, and fails only when it is read.
      if (!Files.isRegularFile(file)) {
        throw absent(key, file);
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new FileRangeStream(channel, root, doing, offset, length);
    } catch (NoSuchFileException e) {
      throw absent(key, file);
    } catch (IOException e) {
      throw FileFailures.typed(root, doing, e);
    }
  }

  /** Why there is no such file, which may be more than that nobody stored it. */
  private IOException absent(ObjectKey key, Path file) {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      return FileFailures.notFolder(root, "read " + key);
    }
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
    } catch (AccessDeniedException e) {
      return FileFailures.typed(root, "read " + key, e);
    } catch (IOException e) {
      // The object is absent: there is no such file, or a file where a folder would be.
    }
    return new ReplicaFailures(root.toString()).absent(key);
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    return new FolderListing(new LinkedFolderReader(root, "list '" + prefix + "'"), prefix, "");
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw FileFailures.notFolder(root, "delete " + keys);
    }
    FailureCollection failures = new FailureCollection();
    for (ObjectKey key : keys) {
      try {
        Path file = root.resolve(key.value());
        // Deleting a folder would also succeed, if it is empty.
        if (Files.exists(file) && !Files.isDirectory(file)) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        failures.add(FileFailures.typed(root, "delete " + key, e));
      }
    }
    try {
      folders.removed(keys);
    } catch (IOException e) {
      failures.add(FileFailures.typed(root, "delete " + keys.size() + " objects", e));
    }
    failures.rethrow();
  }

  @Override
  public void protectLike(Path database) {
    rights.like(database);
  }

  /** Nothing is held between operations. */
  @Override
  public void close() {}
}
