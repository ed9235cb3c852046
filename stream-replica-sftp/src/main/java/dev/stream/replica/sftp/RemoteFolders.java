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
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

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

  /** SFTP knows no tilde: a server would make a folder of that name. */
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
  void makeRoot(SftpChannel channel, ObjectKey key) throws IOException {
    if (used.contains(rootPath())) {
      used.clear();
      throw vanished(key, rootPath());
    }
    @Nullable SFTPException denied = make(channel, ancestors(rootPath()));
    if (denied != null) {
      throw denied;
    }
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
        Response response = naming.name(channel, staged, target).await();
        StatusCode status = status(response);
        if (status == StatusCode.OK) {
          return;
        }
        if (!SftpChannel.isAbsent(status) || i == TRIES) {
          throw failure(response, status);
        }
        makeFor(channel, key);
        requireFolders(channel, key, i);
      }
    } finally {
      removal.readLock().unlock();
    }
  }

  /** From now on the folders above an object are missed when they vanish. */
  void stored(ObjectKey key) {
    used.add(rootPath());
    used.add(generation(key));
  }

  /** Makes the folders above an object, unless that of its generation is missed. */
  private void makeFor(SftpChannel channel, ObjectKey key) throws IOException {
    String generation = generation(key);
    boolean missed = used.contains(generation); // before it is asked for: others make it meanwhile
    // Asked in one go with the making: the server keeps the order.
    PendingReply found = channel.stat(generation);
    @Nullable SFTPException denied = make(channel, foldersOf(key));
    if (denied != null) {
      throw denied;
    }
    boolean missing = found.entryType() == PendingReply.EntryType.ABSENT;
    if (missing && missed && used.remove(generation)) {
      throw vanished(key, generation);
    }
  }

  private static StatusCode status(Response response) throws IOException {
    return response.ensurePacketTypeIs(PacketType.STATUS).readStatusCode();
  }

  private static SFTPException failure(Response response, StatusCode status) {
    try {
      return new SFTPException(status, response.readString());
    } catch (Buffer.BufferException e) {
      return new SFTPException(status, status.toString());
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
    String cannot = "cannot store " + key + ": " + target;
    if (found == PendingReply.EntryType.FOLDER) {
      return new ReplicaException(Reason.REJECTED, cannot + " is a folder", failure);
    }
    if (found == PendingReply.EntryType.FILE && !channel.canReplace()) {
      return new ReplicaException(
          Reason.REJECTED,
          cannot
              + " exists, and the server cannot replace a file atomically"
              + " (posix-rename@openssh.com); remove it if it is not needed",
          failure);
    }
    return failure;
  }

  /** Finds the file that stands where a folder is needed; not on the first try. */
  private void requireFolders(SftpChannel channel, ObjectKey key, int tried) throws IOException {
    if (tried == 1) {
      return;
    }
    for (String folder : foldersOf(key)) {
      if (channel.typeOf(folder) == PendingReply.EntryType.FILE) {
        throw new ReplicaException(
            Reason.REJECTED,
            "cannot store " + key + ": " + folder + " is a file where a folder is needed");
      }
    }
  }

  /**
   * Makes folders, of which some may exist.
   *
   * @return that the last one was denied; null otherwise
   */
  private static @Nullable SFTPException make(SftpChannel channel, List<String> folders)
      throws IOException {
    List<PendingReply> replies = new ArrayList<>();
    for (String folder : folders) {
      replies.add(channel.makeFolder(folder));
    }
    SFTPException denied = null;
    for (int i = 0; i < replies.size(); i++) {
      StatusCode status = replies.get(i).status();
      denied =
          status == StatusCode.PERMISSION_DENIED
              ? new SFTPException(status, "the folder " + folders.get(i) + " cannot be made")
              : null;
    }
    return denied;
  }

  private List<String> foldersOf(ObjectKey key) {
    List<String> folders = new ArrayList<>();
    String name = key.value();
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      folders.add(path(name.substring(0, slash)));
    }
    return folders;
  }

  private static List<String> ancestors(String path) {
    List<String> folders = new ArrayList<>();
    for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      folders.add(path.substring(0, slash));
    }
    folders.add(path);
    return folders;
  }

  private String generation(ObjectKey key) {
    int slash = key.value().indexOf('/');
    return slash < 0 ? rootPath() : path(key.value().substring(0, slash));
  }

  private static ReplicaException vanished(ObjectKey key, String folder) {
    return new ReplicaException(
        Reason.CONFLICT,
        "cannot store "
            + key
            + ": the folder "
            + folder
            + " has vanished; somebody removed or unmounted what was replicated there");
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
