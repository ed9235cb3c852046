package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectKey;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import net.schmizz.sshj.sftp.FileMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/** Removes objects, without waiting for each answer. For one thread, and one use. */
final class Removal {

  private static final int MOST_UNANSWERED = 128;

  private record Pending(ObjectKey key, Reply reply) {}

  private final SftpChannel channel;
  private final RemoteFolders folders;
  private final SftpFailures failures;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private @Nullable IOException failure;

  Removal(SftpChannel channel, RemoteFolders folders, SftpFailures failures) {
    this.channel = channel;
    this.folders = folders;
    this.failures = failures;
  }

  /** The objects for a message: the first, and how many more. */
  static String shown(Collection<ObjectKey> keys) {
    return keys.iterator().next() + (keys.size() > 1 ? " and " + (keys.size() - 1) + " more" : "");
  }

  /** Tries all; a broken connection ends it. */
  void run(Collection<ObjectKey> keys) throws IOException {
    for (ObjectKey key : keys) {
      settle(MOST_UNANSWERED - 1);
      pending.add(new Pending(key, channel.remove(folders.path(key.value()))));
    }
    settle(0);
    folders.removed(channel, keys);
    if (failure != null) {
      throw failure;
    }
  }

  private void settle(int most) throws IOException {
    while (pending.size() > most) {
      Pending oldest = pending.remove();
      Response response = oldest.reply().await();
      StatusCode status = response.ensurePacketTypeIs(PacketType.STATUS).readStatusCode();
      if (status != StatusCode.OK && !SftpChannel.isAbsent(status) && isFile(oldest.key())) {
        IOException typed =
            failures.typed(
                "delete " + oldest.key(), new SFTPException(status, response.readString()));
        if (failure == null) {
          failure = typed;
        } else {
          failure.addSuppressed(typed);
        }
      }
    }
  }

  /** A folder is no object, and what is no object counts as removed. */
  private boolean isFile(ObjectKey key) throws IOException {
    Response found = channel.stat(folders.path(key.value())).await();
    if (found.getType() == PacketType.ATTRS) {
      return found.readFileAttributes().getType() != FileMode.Type.DIRECTORY;
    }
    return !SftpChannel.isAbsent(found.readStatusCode());
  }
}
