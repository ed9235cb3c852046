package dev.stream.core.read;

import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.plugin.ReplicaOpener;
import dev.stream.core.retry.Retry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A replica to read from, opened when it is first needed. For one thread at a time. */
public final class ReplicaOnDemand implements AutoCloseable {

  private final String name;
  private final ReplicaOpener opener;
  private final boolean owned;
  private @Nullable Replica replica;

  private ReplicaOnDemand(String name, ReplicaOpener opener, boolean owned) {
    this.name = name;
    this.opener = opener;
    this.owned = owned;
  }

  /** One that {@link #close} closes, to be opened again if it is needed again. */
  public static ReplicaOnDemand of(String name, ReplicaOpener opener) {
    return new ReplicaOnDemand(name, opener, true);
  }

  /** One that somebody else closes. */
  public static ReplicaOnDemand lent(String name, ReplicaOpener opener) {
    return new ReplicaOnDemand(name, opener, false);
  }

  /** What it is called where it is configured. */
  public String name() {
    return name;
  }

  /** What it holds; opens it if it is not open. */
  public ReplicaArchive archive(Retry retry) throws IOException {
    return new ReplicaArchive(open(), retry);
  }

  public Replica open() throws IOException {
    Replica opened = replica;
    if (opened == null) {
      opened = opener.open();
      replica = opened;
    }
    return opened;
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
