package dev.stream.core.follow;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.restore.ReplicaOpener;
import dev.stream.core.retry.Retry;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A replica to follow, opened when it is needed. For one thread. */
final class FollowReplica {

  private final String name;
  private final ReplicaOpener opener;
  private final Set<ObjectKey> unusable = new HashSet<>();
  private @Nullable Replica replica;

  FollowReplica(String name, ReplicaOpener opener) {
    this.name = name;
    this.opener = opener;
  }

  String name() {
    return name;
  }

  Replica replica() throws IOException {
    Replica opened = replica;
    if (opened == null) {
      opened = opener.open();
      replica = opened;
    }
    return opened;
  }

  /** Artefacts that were found damaged, or not to fit, and that are done without for a while. */
  Set<ObjectKey> unusable() {
    return unusable;
  }

  ReplicaArchive archive(Retry retry) throws IOException {
    return new ReplicaArchive(replica(), retry);
  }

  void close() {
    Replica opened = replica;
    replica = null;
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        // Nothing was written to it: there is nothing to lose.
      }
    }
  }
}
