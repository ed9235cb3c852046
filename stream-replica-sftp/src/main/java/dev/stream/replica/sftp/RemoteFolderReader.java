package dev.stream.replica.sftp;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.FolderListing.Content;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** Reads folders of a server, and what of them belongs to a listing. */
final class RemoteFolderReader {

  /** An answer brings some hundred names, so this bounds how many requests are made in vain. */
  private static final int MOST_AHEAD = 32;

  /** What is in a folder. A link is described itself, and not what it leads to. */
  record Entry(String name, FileAttributes attributes) {}

  private RemoteFolderReader() {}

  /** All entries, in the server's order. */
  static List<Entry> read(SftpChannel channel, String folder) throws IOException {
    byte[] handle = channel.openFolder(folder).handle();
    List<Entry> entries = new ArrayList<>();
    Deque<PendingReply> replies = new ArrayDeque<>();
    try {
      boolean more = true;
      for (int ahead = 2; more; ahead = Math.min(2 * ahead, MOST_AHEAD)) {
        while (replies.size() < ahead) {
          replies.add(channel.readFolder(handle));
        }
        more = take(replies.remove().await(), entries);
      }
      return entries;
    } finally {
      channel.close(handle);
    }
  }

  /** Reads a folder of a replica for a listing; one that is missing has nothing in it. */
  static void read(SftpChannel channel, RemoteFolders folders, String folder, Content content)
      throws IOException {
    String name = folder.isEmpty() ? "" : folder.substring(0, folder.length() - 1);
    try {
      add(read(channel, folders.path(name)), content);
    } catch (SFTPException e) {
      if (!SftpChannel.isAbsent(e.getStatusCode())) {
        throw e;
      }
      // OpenSSH says of a file that it is no folder in the same words as of what is absent.
      if (folder.isEmpty() && channel.typeOf(folders.path("")) == PendingReply.EntryType.FILE) {
        throw new ReplicaException(
            Reason.REJECTED, folders.path("") + " is not a folder on the server; correct path");
      }
    }
  }

  static void add(List<Entry> entries, Content content) {
    for (Entry entry : entries) {
      FileAttributes attributes = entry.attributes();
      if (attributes.getType() == FileMode.Type.REGULAR) {
        content.addFile(entry.name(), attributes.getSize(), modifiedAt(attributes));
      } else if (attributes.getType() == FileMode.Type.DIRECTORY) {
        content.addFolder(entry.name());
      }
    }
  }

  /** The protocol has whole seconds, in 32 bits without a sign. */
  static Instant modifiedAt(FileAttributes attributes) {
    return Instant.ofEpochSecond(attributes.getMtime() & 0xffff_ffffL);
  }

  private static boolean take(Response response, List<Entry> entries) throws IOException {
    if (response.getType() == PacketType.STATUS) {
      response.ensureStatusIs(StatusCode.EOF);
      return false;
    }
    response.ensurePacketTypeIs(PacketType.NAME);
    int count = response.readUInt32AsInt();
    for (int i = 0; i < count; i++) {
      String name = response.readString();
      response.readString();
      entries.add(new Entry(name, response.readFileAttributes()));
    }
    return true;
  }
}
