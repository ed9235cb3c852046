package dev.stream.replica.file;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the folders in the order of keys, one folder at a time.
 *
 * <p>Within a folder a subfolder sorts as its name with a slash: that is where its objects belong
 * between the files beside it.
 */
final class FolderListing implements ObjectListing {

  /**
   * A file, or a folder, whose key has a slash at its end. A folder may hold a hundred thousand
   * files, so that this is no more than has to be known of one.
   */
  private record Entry(String key, long size, Instant modified) {
    boolean isFolder() {
      return key.endsWith("/");
    }
  }

  private final Path root;
  private final String prefix;
  private final Deque<Deque<Entry>> levels = new ArrayDeque<>();
  private @Nullable ObjectInfo next;

  FolderListing(Path root, String prefix) throws IOException {
    this.root = root;
    this.prefix = prefix;
    descend(root, "");
  }

  @Override
  public boolean hasNext() throws IOException {
    try {
      advance();
    } catch (IOException e) {
      throw FileFailures.typed(root, "list '" + prefix + "'", e);
    }
    return next != null;
  }

  @Override
  public ObjectInfo next() throws IOException {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    ObjectInfo info = next;
    next = null;
    return info;
  }

  private void advance() throws IOException {
    while (next == null && !levels.isEmpty()) {
      Entry entry = levels.element().poll(); // what was told is no longer in memory
      if (entry == null) {
        levels.remove();
        continue;
      }
      if (entry.isFolder()) {
        descend(root.resolve(entry.key()), entry.key());
      } else {
        next = new ObjectInfo(new ObjectKey(entry.key()), entry.size(), entry.modified());
      }
    }
  }

  private void descend(Path folder, String folderKey) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        @Nullable Entry entry = entry(folder, child, folderKey);
        if (entry != null) {
          entries.add(entry);
        }
      }
    } catch (NoSuchFileException e) {
      return; // The root was not made yet, or a folder was removed meanwhile.
    } catch (NotDirectoryException e) {
      if (folderKey.isEmpty()) {
        throw e;
      }
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(Entry::key));
    levels.push(new ArrayDeque<>(entries));
  }

  /** What a child means to this listing; null for what is foreign, or beside the prefix. */
  private @Nullable Entry entry(Path folder, Path child, String folderKey) throws IOException {
    String key = folderKey + child.getFileName();
    boolean couldLead = key.startsWith(prefix) || prefix.startsWith(key);
    if (!couldLead || !isKey(key)) {
      return null;
    }
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(child, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        boolean astray =
            Files.isSymbolicLink(child) && new FolderLink(root, folder, child).leadsAstray();
        return astray ? null : entry(key + "/", attributes);
      }
    } catch (NoSuchFileException e) {
      return null;
    } catch (FileSystemException e) {
      if (FolderLink.leadsNowhere(child)) {
        return null;
      }
      throw e;
    }
    boolean wanted = attributes.isRegularFile() && key.startsWith(prefix);
    return wanted ? entry(key, attributes) : null;
  }

  private static Entry entry(String key, BasicFileAttributes attributes) {
    return new Entry(key, attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  private static boolean isKey(String name) {
    try {
      new ObjectKey(name);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public void close() {
    levels.clear();
    next = null;
  }
}
