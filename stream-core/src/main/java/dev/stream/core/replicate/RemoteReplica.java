package dev.stream.core.replicate;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.config.ReplicaConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A replica that could not be reached when it was opened: every operation tries to open it first,
 * so that it comes to life when its store does.
 */
public final class RemoteReplica implements Replica {

  private final ReplicaConfig config;
  private @Nullable Replica open;
  private boolean closed;

  private RemoteReplica(ReplicaConfig config) {
    this.config = config;
  }

  /**
   * Opens a replica, now or, if it just cannot be reached, when it can.
   *
   * @throws ReplicaException if it refuses for a reason that does not go away by itself
   */
  public static Replica open(ReplicaConfig config) throws IOException {
    try {
      return config.open();
    } catch (ReplicaException e) {
      if (e.reason() != Reason.UNAVAILABLE) {
        throw new ReplicaException(
            e.reason(),
            "replica "
                + config.name()
                + " cannot be opened: "
                + e.getMessage()
                + "; nothing was changed. Check its configuration.",
            e);
      }
    } catch (IOException e) {
      // by contract the same as UNAVAILABLE
    }
    return new RemoteReplica(config);
  }

  private synchronized Replica replica() throws IOException {
    if (closed) {
      throw new ReplicaException(Reason.UNAVAILABLE, name() + " is closed");
    }
    Replica current = open;
    if (current == null) {
      current = config.open();
      open = current;
    }
    return current;
  }

  @Override
  public synchronized String name() {
    Replica current = open;
    return current == null ? config.type() + ":" + config.name() : current.name();
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return replica().put(key, body);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    return replica().open(key, offset, length);
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    return replica().list(prefix);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    replica().delete(keys);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    Replica current = open;
    open = null;
    if (current != null) {
      current.close();
    }
  }
}
