package dev.stream.core.restore;

import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.retry.Retry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A replica to restore from, opened at most once. For one thread at a time. */
final class NamedReplica implements AutoCloseable {

  private final String name;
  private final ReplicaOpener opener;
  private final boolean owned;
  private @Nullable Replica replica;

  NamedReplica(String name, ReplicaOpener opener, boolean owned) {
    this.name = name;
    this.opener = opener;
    this.owned = owned;
  }

  String name() {
    return name;
  }

  ReplicaArchive archive(Retry retry) throws IOException {
    Replica opened = replica;
    if (opened == null) {
      opened = opener.open();
      replica = opened;
    }
    return new ReplicaArchive(opened, retry);
  }

  @Override
  public void close() {
    Replica opened = replica;
    replica = null;
    if (owned && opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        // Nothing was written to it: there is nothing to lose.
      }
    }
  }
}
