package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the folders in the order of keys, one folder at a time.
 *
 * <p>Within a folder a subfolder sorts as its name with a slash: that is where its objects belong
 * between the files beside it.
 */
final class SftpListing implements ObjectListing {

  /** Where the listing gets its folders from. */
  interface Source {
    /** The entries of a folder, by its key with a slash at the end; empty is the root. */
    List<FolderReader.Entry> read(String folderKey) throws IOException;
  }

  /** A file's key, or that of a folder with a slash at its end. */
  private record Entry(String key, FileAttributes attributes) {
    boolean isFolder() {
      return key.endsWith("/");
    }
  }

  private final Source source;
  private final String prefix;
  private final Deque<Iterator<Entry>> levels = new ArrayDeque<>();
  private @Nullable ObjectInfo next;

  SftpListing(Source source, String prefix) throws IOException {
    this.source = source;
    this.prefix = prefix;
    descend("");
  }

  /** Reads the folders of a replica; one that is missing has nothing in it. */
  static List<FolderReader.Entry> read(SftpChannel channel, RemoteFolders folders, String folderKey)
      throws IOException {
    String name = folderKey.isEmpty() ? "" : folderKey.substring(0, folderKey.length() - 1);
    try {
      return FolderReader.read(channel, folders.path(name));
    } catch (SFTPException e) {
      if (!SftpChannel.isAbsent(e.getStatusCode())) {
        throw e;
      }
      if (folderKey.isEmpty()) {
        requireNoFile(channel, folders.path(""));
      }
      return List.of();
    }
  }

  /** OpenSSH says of a file that it is no folder in the same words as of what is absent. */
  private static void requireNoFile(SftpChannel channel, String root) throws IOException {
    Response found = channel.stat(root).await();
    if (found.getType() == PacketType.ATTRS
        && found.readFileAttributes().getType() != FileMode.Type.DIRECTORY) {
      throw new ReplicaException(
          Reason.REJECTED, root + " is not a folder on the server; correct path");
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
      if (entry.isFolder()) {
        descend(entry.key());
      } else {
        next =
            new ObjectInfo(
                new ObjectKey(entry.key()),
                entry.attributes().getSize(),
                RemoteTime.of(entry.attributes()));
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

  private void descend(String folderKey) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (FolderReader.Entry child : source.read(folderKey)) {
      @Nullable Entry entry = entry(child, folderKey);
      if (entry != null) {
        entries.add(entry);
      }
    }
    entries.sort(Comparator.comparing(Entry::key));
    levels.push(entries.iterator());
  }

  /** What a child means to this listing; null for what is foreign, or beside the prefix. */
  private @Nullable Entry entry(FolderReader.Entry child, String folderKey) {
    String key = folderKey + child.name();
    if (!isKey(key)) {
      return null;
    }
    return switch (child.attributes().getType()) {
      case DIRECTORY -> {
        String folder = key + "/";
        boolean couldLead = folder.startsWith(prefix) || prefix.startsWith(folder);
        yield couldLead ? new Entry(folder, child.attributes()) : null;
      }
      case REGULAR -> key.startsWith(prefix) ? new Entry(key, child.attributes()) : null;
      default -> null;
    };
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
