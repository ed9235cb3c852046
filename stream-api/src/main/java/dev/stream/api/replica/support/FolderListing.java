package dev.stream.api.replica.support;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists a store of files in folders in the order of keys, one folder at a time: an object is a file
 * whose path below the root is its key. In memory are the folders on the way to where the listing
 * is, and no more. For one thread.
 *
 * <p>A folder sorts as its name with a slash, because that is where its objects belong between the
 * files beside it: {@code a-} comes before {@code a/b}, and that before {@code a0}.
 */
public final class FolderListing extends LookaheadListing {

  /** Reads one folder of the store. */
  @FunctionalInterface
  public interface FolderReader {

    /**
     * Adds everything that is directly in a folder, in any order. What is no object may be added or
     * left out. A folder that is not there has nothing in it.
     *
     * @param folder the root as the empty string, or a folder's path below the root with a slash at
     *     its end
     * @param content takes what is found
     * @throws IOException if not everything can be told: a listing with a hole would be believed
     */
    void read(String folder, Content content) throws IOException;
  }

  /** What is in one folder, as far as it matters to this listing. */
  public final class Content {

    private final String folder;
    private final List<Entry> entries = new ArrayList<>();

    private Content(String folder) {
      this.folder = folder;
    }

    /**
     * Whether a child can matter. Ask where finding out what a child is costs something; what does
     * not matter is left out in any case.
     */
    public boolean canMatter(String name) {
      String key = folder + name;
      return (key.startsWith(prefix) || prefix.startsWith(key)) && ObjectKey.isValid(key);
    }

    /** Adds a file of {@code size} bytes. */
    public void addFile(String name, long size, Instant modifiedAt) {
      String key = folder + name;
      if (key.startsWith(prefix) && ObjectKey.isValid(key)) {
        entries.add(new Entry(key, size, modifiedAt));
      }
    }

    /** Adds a folder. */
    public void addFolder(String name) {
      String key = folder + name + "/";
      if ((key.startsWith(prefix) || prefix.startsWith(key)) && ObjectKey.isValid(folder + name)) {
        entries.add(new Entry(key, 0, null));
      }
    }
  }

  /**
   * A file, or a folder, whose key ends with a slash and which has no time. A folder may hold a
   * hundred thousand files, so that this is no more than has to be known of one.
   */
  private record Entry(String key, long size, @Nullable Instant modifiedAt) {}

  private final FolderReader reader;
  private final String prefix;
  private final Deque<Deque<Entry>> levels = new ArrayDeque<>();

  /**
   * A listing, of which the first folder has been read when this returns.
   *
   * @param prefix what keys must start with; empty for all
   * @param start where to begin: empty for the root, or a folder with a slash at its end that all
   *     wanted keys are below, such as the deepest one that the prefix names
   * @throws IOException if the first folder cannot be read
   */
  public FolderListing(FolderReader reader, String prefix, String start) throws IOException {
    this.reader = reader;
    this.prefix = prefix;
    if (start.isEmpty() || ObjectKey.isValid(start.substring(0, start.length() - 1))) {
      descend(start);
    }
  }

  @Override
  protected @Nullable ObjectInfo find() throws IOException {
    while (!levels.isEmpty()) {
      Entry entry = levels.element().poll(); // what was told is no longer in memory
      if (entry == null) {
        levels.remove();
      } else if (entry.modifiedAt() == null) {
        descend(entry.key());
      } else {
        return new ObjectInfo(new ObjectKey(entry.key()), entry.size(), entry.modifiedAt());
      }
    }
    return null;
  }

  private void descend(String folder) throws IOException {
    Content content = new Content(folder);
    reader.read(folder, content);
    content.entries.sort(Comparator.comparing(Entry::key));
    levels.push(new ArrayDeque<>(content.entries));
  }

  @Override
  public void close() throws IOException {
    super.close();
    levels.clear();
  }
}
