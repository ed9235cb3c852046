package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * The folders of a replica: made when an object needs them, removed when they are empty, and missed
 * when somebody else removed them. Thread-safe.
 */
final class RemoteFolders {

  private static final int TRIES = 20;

  private final String root;

  /** The root, and the generations' folders below it, in which objects were stored. */
  private final Set<String> used = ConcurrentHashMap.newKeySet();

  /** Held for writing while folders are removed, so that no put takes that for a loss. */
  private final ReadWriteLock removal = new ReentrantReadWriteLock();

  RemoteFolders(String root) {
    String path = fromLogin(root);
    this.root = path.length() > 1 && path.endsWith("/") ? path.replaceAll("/+$", "") : path;
  }

  /** The protocol knows no tilde, and a server would make a folder of that name. */
  private static String fromLogin(String path) {
    if (path.equals("~") || path.matches("~/+")) {
      return ".";
    }
    return path.startsWith("~/") ? path.replaceFirst("^~/+", "") : path;
  }

  /** The path of the file or folder of this name. */
  String path(String name) {
    return name.isEmpty() ? rootPath() : rootPath() + (rootPath().equals("/") ? "" : "/") + name;
  }

  private String rootPath() {
    return root.isEmpty() ? "/" : root;
  }

  /**
   * Makes the root, which was found to be missing.
   *
   * @throws ReplicaException as a conflict if it was there before; the next call makes it anew
   */
  void makeRoot(SftpChannel channel) throws IOException {
    if (used.contains(rootPath())) {
      used.clear();
      throw vanished(rootPath());
    }
    make(channel, Stream.concat(ancestors(rootPath()), Stream.of(rootPath())).toList());
  }

  /** Gives a whole file another name. */
  interface Naming {
    PendingReply name(SftpChannel channel, String staged, String target) throws IOException;
  }

  /** Puts a whole file into its place. */
  void publish(SftpChannel channel, String staged, ObjectKey key) throws IOException {
    try {
      name(channel, staged, key, SftpChannel::rename);
      stored(key);
    } catch (SFTPException e) {
      throw refused(channel, key, e);
    }
  }

  /**
   * Gives a whole file its name, in folders that are made if need be.
   *
   * @throws SFTPException if the server refuses
   */
  void name(SftpChannel channel, String staged, ObjectKey key, Naming naming) throws IOException {
    String target = path(key.value());
    removal.readLock().lock();
    try {
      for (int i = 1; ; i++) {
        try {
          naming.name(channel, staged, target).ok();
          return;
        } catch (SFTPException e) {
          if (!SftpChannel.isAbsent(e.getStatusCode()) || i == TRIES) {
            throw e;
          }
        }
        makeFor(channel, key);
        if (i > 1) {
          requireFolders(channel, key);
        }
      }
    } finally {
      removal.readLock().unlock();
    }
  }

  /**
   * Remembers that the folders above an object are there, so that they are missed if they vanish.
   */
  void stored(ObjectKey key) {
    used.add(rootPath());
    used.add(generation(key));
  }

  /** Makes the folders above an object, unless that of its generation is missed. */
  private void makeFor(SftpChannel channel, ObjectKey key) throws IOException {
    String generation = generation(key);
    boolean missed = used.contains(generation); // before it is asked for: others make it meanwhile
    // This is asked together with the making of the folders, because the server keeps the order.
    PendingReply found = channel.stat(generation);
    make(channel, foldersOf(key));
    boolean missing = found.entryType() == PendingReply.EntryType.ABSENT;
    if (missing && missed && used.remove(generation)) {
      throw vanished(generation);
    }
  }

  /** Why a whole file could not be renamed. */
  IOException refused(SftpChannel channel, ObjectKey key, SFTPException failure)
      throws IOException {
    String target = path(key.value());
    PendingReply.EntryType found =
        failure.getStatusCode() == StatusCode.PERMISSION_DENIED
            ? PendingReply.EntryType.UNKNOWN
            : channel.typeOf(target);
    if (found == PendingReply.EntryType.FOLDER) {
      return new ReplicaException(Reason.REJECTED, target + " is a folder", failure);
    }
    if (found == PendingReply.EntryType.FILE && !channel.canReplace()) {
      return new ReplicaException(
          Reason.REJECTED,
          target
              + " exists, and the server cannot replace a file atomically"
              + " (posix-rename@openssh.com); remove it if it is not needed",
          failure);
    }
    return failure;
  }

  /** Finds the file that stands where a folder is needed. */
  private void requireFolders(SftpChannel channel, ObjectKey key) throws IOException {
    for (String folder : foldersOf(key)) {
      if (channel.typeOf(folder) == PendingReply.EntryType.FILE) {
        throw new ReplicaException(Reason.REJECTED, folder + " is a file where a folder is needed");
      }
    }
  }

  /**
   * Makes folders, of which some may exist.
   *
   * @throws SFTPException if the last one was denied
   */
  private static void make(SftpChannel channel, List<String> folders) throws IOException {
    List<PendingReply> replies = new ArrayList<>();
    for (String folder : folders) {
      replies.add(channel.makeFolder(folder));
    }
    StatusCode status = StatusCode.OK;
    for (PendingReply reply : replies) {
      status = reply.status();
    }
    if (status == StatusCode.PERMISSION_DENIED) {
      String last = folders.get(folders.size() - 1);
      throw new SFTPException(status, "the folder " + last + " cannot be made");
    }
  }

  private List<String> foldersOf(ObjectKey key) {
    return ancestors(key.value()).map(this::path).toList();
  }

  /** The folders above a path, from the highest one on; the root of the server is none of them. */
  private static Stream<String> ancestors(String path) {
    return IntStream.range(1, path.length())
        .filter(at -> path.charAt(at) == '/')
        .mapToObj(slash -> path.substring(0, slash));
  }

  private String generation(ObjectKey key) {
    int slash = key.value().indexOf('/');
    return slash < 0 ? rootPath() : path(key.value().substring(0, slash));
  }

  private static ReplicaException vanished(String folder) {
    String why = " has vanished; somebody removed or unmounted what was replicated there";
    return new ReplicaException(Reason.CONFLICT, "the folder " + folder + why);
  }

  /** Removes the folders in which objects were removed, as far as they are empty. */
  void removed(SftpChannel channel, Collection<ObjectKey> keys) throws IOException {
    NavigableSet<String> folders =
        new TreeSet<>(
            Comparator.comparing((String name) -> name.split("/").length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    for (ObjectKey key : keys) {
      addParent(folders, key.value());
    }
    removal.writeLock().lock();
    try {
      while (!folders.isEmpty()) {
        removeDeepest(channel, folders);
      }
    } finally {
      removal.writeLock().unlock();
    }
  }

  private void removeDeepest(SftpChannel channel, NavigableSet<String> folders) throws IOException {
    int depth = folders.first().split("/").length;
    Map<String, PendingReply> replies = new LinkedHashMap<>();
    while (!folders.isEmpty() && folders.first().split("/").length == depth) {
      String folder = folders.pollFirst();
      replies.put(folder, channel.removeFolder(path(folder)));
    }
    for (Map.Entry<String, PendingReply> each : replies.entrySet()) {
      StatusCode status = each.getValue().status();
      // Any other failure says that it is not empty, or must stay for another reason.
      if (status == StatusCode.OK || SftpChannel.isAbsent(status)) {
        used.remove(path(each.getKey()));
        addParent(folders, each.getKey());
      }
    }
  }

  private static void addParent(Set<String> folders, String name) {
    int slash = name.lastIndexOf('/');
    if (slash > 0) {
      folders.add(name.substring(0, slash));
    }
  }
}
