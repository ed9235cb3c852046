package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Gives whole files names that nothing has yet. A second name for a file, a hard link, is made only
 * where there is none; what a rename does to an existing file differs from server to server.
 * Thread-safe.
 */
final class Creation {

  /** A failure may be about an object that was gone again when we looked. */
  private static final int TRIES = 3;

  private final String name;
  private final RemoteFolders folders;
  private volatile boolean linked;
  private volatile boolean withoutLinks;

  Creation(String name, RemoteFolders folders) {
    this.name = name;
    this.folders = folders;
  }

  /** Whether the server was seen to make hard links. */
  boolean isExclusive() {
    return linked && !withoutLinks;
  }

  /**
   * Fails if there is an object of this key.
   *
   * @throws ReplicaException as a conflict
   */
  void requireAbsent(SftpChannel channel, ObjectKey key, @Nullable IOException cause)
      throws IOException {
    Response found = channel.stat(folders.path(key.value())).await();
    if (found.getType() == PacketType.ATTRS
        && found.readFileAttributes().getType() != FileMode.Type.DIRECTORY) {
      throw new ReplicaException(
          Reason.CONFLICT,
          "cannot create " + key + " in " + name + ": there is one already",
          cause);
    }
  }

  /** Makes the object; the staged name may remain beside it. */
  void publish(SftpChannel channel, String staged, ObjectKey key) throws IOException {
    boolean withLink = channel.canLink() && !withoutLinks;
    for (int i = 0; withLink && i < TRIES; i++) {
      try {
        folders.name(channel, staged, key, SftpChannel::link);
        linked = true;
        return;
      } catch (SFTPException e) {
        requireAbsent(channel, key, e);
      }
    }
    requireAbsent(channel, key, null);
    try {
      folders.name(channel, staged, key, SftpChannel::renameOnly);
    } catch (SFTPException e) {
      requireAbsent(channel, key, e);
      throw folders.refused(channel, key, e);
    }
    // What a server says whose file system has no links differs; that this succeeded tells.
    withoutLinks |= withLink;
  }
}
