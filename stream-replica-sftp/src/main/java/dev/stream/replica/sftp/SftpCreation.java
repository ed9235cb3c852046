package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Gives whole files names that nothing has yet. A second name for a file, a hard link, is made only
 * where there is none; what a rename does to an existing file differs from server to server.
 * Thread-safe.
 */
final class SftpCreation {

  /** How often to try: a failure may be about an object that was gone again when we looked. */
  private static final int TRIES = 3;

  private final String name;
  private final RemoteFolders folders;
  private volatile Links links = Links.UNKNOWN;

  /** What the server makes of the wish for a hard link. */
  private enum Links {
    UNKNOWN,
    /** The server was seen to make a link, and to refuse one whose name was taken. */
    MADE,
    /** The server refuses, or says that it made a link and did not, as rclone does. */
    NOT_MADE
  }

  SftpCreation(String name, RemoteFolders folders) {
    this.name = name;
    this.folders = folders;
  }

  /** Whether the server was seen to make hard links as it should. */
  boolean isExclusive() {
    return links == Links.MADE;
  }

  /**
   * Fails if there is an object of this key.
   *
   * @throws ReplicaException as a conflict
   */
  void requireAbsent(SftpChannel channel, ObjectKey key, @Nullable IOException cause)
      throws IOException {
    if (channel.typeOf(folders.path(key.value())) == PendingReply.EntryType.FILE) {
      throw new ReplicaFailures(name).exists(key, cause);
    }
  }

  /** Makes the object; the staged name may remain beside it. */
  void publish(SftpChannel channel, String staged, ObjectKey key) throws IOException {
    boolean toLink = channel.canLink() && links != Links.NOT_MADE;
    if (!toLink || !link(channel, staged, key)) {
      requireAbsent(channel, key, null);
      rename(channel, staged, key);
      if (toLink) {
        // Servers differ in what they say of a file system without links. But a rename succeeds
        // there.
        links = Links.NOT_MADE;
      }
    }
    folders.stored(key);
  }

  /** Tries to make the object by a link; false if the server does not make one. */
  private boolean link(SftpChannel channel, String staged, ObjectKey key) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      try {
        folders.name(channel, staged, key, SftpChannel::link);
        return links == Links.MADE || isLinked(channel, staged, key);
      } catch (SFTPException e) {
        requireAbsent(channel, key, e);
      }
    }
    return false;
  }

  /** Asks for the same link again: a server that makes links refuses it, and has the object. */
  private boolean isLinked(SftpChannel channel, String staged, ObjectKey key) throws IOException {
    String target = folders.path(key.value());
    boolean refused = channel.link(staged, target).status() != StatusCode.OK;
    PendingReply.EntryType found = channel.typeOf(target);
    boolean there = found == PendingReply.EntryType.FILE || found == PendingReply.EntryType.FOLDER;
    if (there) {
      links = refused ? Links.MADE : Links.NOT_MADE;
    }
    return there;
  }

  private void rename(SftpChannel channel, String staged, ObjectKey key) throws IOException {
    try {
      folders.name(channel, staged, key, SftpChannel::renameOnly);
    } catch (SFTPException e) {
      requireAbsent(channel, key, e);
      throw folders.refused(channel, key, e);
    }
  }
}
