package dev.stream.replica.sftp;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;

/** Reads folders. */
final class FolderReader {

  /** Some hundred names come with an answer, so this bounds what is asked too much. */
  private static final int MOST_AHEAD = 32;

  /** A file or folder in a folder; of a link, the link itself. */
  record Entry(String name, FileAttributes attributes) {}

  private FolderReader() {}

  /** All entries, in the server's order. */
  static List<Entry> read(SftpChannel channel, String folder) throws IOException {
    byte[] handle = channel.openFolder(folder).handle();
    List<Entry> entries = new ArrayList<>();
    Deque<Reply> replies = new ArrayDeque<>();
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
