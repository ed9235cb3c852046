package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.support.FailureCollection;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** Removes objects, without waiting for each answer. For one thread, and one use. */
final class ObjectRemoval {

  private static final int MOST_UNANSWERED = 128;

  private record Pending(ObjectKey key, PendingReply reply) {}

  private final SftpChannel channel;
  private final RemoteFolders folders;
  private final SftpFailures failures;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final FailureCollection failed = new FailureCollection();

  ObjectRemoval(SftpChannel channel, RemoteFolders folders, SftpFailures failures) {
    this.channel = channel;
    this.folders = folders;
    this.failures = failures;
  }

  /** Names the objects in a message: the first one, and how many more there are. */
  static String shown(Collection<ObjectKey> keys) {
    return keys.iterator().next() + (keys.size() > 1 ? " and " + (keys.size() - 1) + " more" : "");
  }

  /** Tries all objects, unless the connection breaks. */
  void run(Collection<ObjectKey> keys) throws IOException {
    for (ObjectKey key : keys) {
      settle(MOST_UNANSWERED - 1);
      pending.add(new Pending(key, channel.remove(folders.path(key.value()))));
    }
    settle(0);
    folders.removed(channel, keys);
    failed.rethrow();
  }

  private void settle(int most) throws IOException {
    while (pending.size() > most) {
      Pending oldest = pending.remove();
      Response response = oldest.reply().await();
      StatusCode status = response.ensurePacketTypeIs(PacketType.STATUS).readStatusCode();
      if (status != StatusCode.OK && !SftpChannel.isAbsent(status) && isFile(oldest.key())) {
        SFTPException refusal = new SFTPException(status, response.readString());
        failed.add(failures.typed("delete " + oldest.key(), refusal));
      }
    }
  }

  /** A folder is no object, and what is no object counts as removed. */
  private boolean isFile(ObjectKey key) throws IOException {
    PendingReply.EntryType type = channel.typeOf(folders.path(key.value()));
    return type == PendingReply.EntryType.FILE || type == PendingReply.EntryType.UNKNOWN;
  }
}
