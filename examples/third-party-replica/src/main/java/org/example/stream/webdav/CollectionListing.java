package org.example.stream.webdav;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks the collections in the order of keys, one collection at a time.
 *
 * <p>A collection sorts as its name with a slash: that is where its objects belong between the
 * files beside it, so that {@code a-} comes before {@code a/b}, and that before {@code a0}.
 */
final class CollectionListing implements ObjectListing {

  /** A file's key, or a collection's path with a slash at its end. */
  private record Entry(String key, Resource resource) {}

  private final WebdavClient client;
  private final String prefix;
  private final Deque<Iterator<Entry>> levels = new ArrayDeque<>();
  private @Nullable ObjectInfo next;

  /** Begins at the deepest collection that the prefix names: nothing beside it can match. */
  CollectionListing(WebdavClient client, String prefix) throws IOException {
    this.client = client;
    this.prefix = prefix;
    String folder = prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')));
    if (prefix.indexOf('/') < 0) {
      descend("");
    } else if (isKey(folder)) {
      Optional<Resource> found = client.find(folder, "list '" + prefix + "'");
      if (found.isPresent() && found.get().isCollection()) {
        descend(folder + "/");
      }
    }
  }

  @Override
  public boolean hasNext() throws IOException {
    while (next == null && !levels.isEmpty()) {
      Iterator<Entry> entries = levels.element();
      if (!entries.hasNext()) {
        levels.remove();
        continue;
      }
      Entry entry = entries.next();
      Resource resource = entry.resource();
      if (resource.isCollection()) {
        descend(entry.key());
      } else {
        next = new ObjectInfo(new ObjectKey(entry.key()), resource.size(), resource.modifiedAt());
      }
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

  private void descend(String folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Resource resource : client.children(folder, "list '" + prefix + "'")) {
      String path = resource.path().replaceFirst("/$", "");
      String name = path.substring(path.lastIndexOf('/') + 1);
      String key = folder + name + (resource.isCollection() ? "/" : "");
      boolean leads = resource.isCollection() && prefix.startsWith(key);
      // What is no key is somebody else's, or not an object yet.
      if (isKey(folder + name) && (key.startsWith(prefix) || leads)) {
        entries.add(new Entry(key, resource));
      }
    }
    entries.sort(Comparator.comparing(Entry::key));
    levels.push(entries.iterator());
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
