package dev.stream.core.upload;

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
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A replica that is opened beside whoever needs it, so that a store that does not answer keeps
 * nobody from capturing commits. One that could not be reached is opened by the operation that
 * needs it next, so that it comes to life when its store does. Thread-safe.
 */
public final class RemoteReplica implements Replica {

  private final ReplicaConfig config;
  private volatile @Nullable Path database;
  private final FutureTask<Replica> first;
  private final Thread opener;
  private @Nullable FutureTask<Replica> opening;
  private @Nullable Replica open;
  private boolean closed;

  private RemoteReplica(ReplicaConfig config, @Nullable Path database) {
    this.config = config;
    this.database = database;
    this.first = new FutureTask<>(this::attempt);
    this.opening = first;
    this.opener = new Thread(this::openNow, "stream-open-" + config.name());
    opener.setDaemon(true);
  }

  /** Begins to open a replica in a thread of its own. The caller closes it. */
  public static RemoteReplica begin(ReplicaConfig config) {
    return begin(config, null);
  }

  /**
   * Begins to open a replica in a thread of its own. The caller closes it.
   *
   * @param database whose objects are for no more users than it is; null if that is not known
   */
  public static RemoteReplica begin(ReplicaConfig config, @Nullable Path database) {
    RemoteReplica replica = new RemoteReplica(config, database);
    replica.opener.start();
    return replica;
  }

  private void openNow() {
    try {
      Replica unused = replica();
    } catch (IOException | RuntimeException e) {
      // Told by awaitOpen if somebody waits, and by the next operation if the reason persists.
    }
  }

  /**
   * Waits until the first attempt to open it is over, at most to the deadline by {@link
   * System#nanoTime}.
   *
   * @throws ReplicaException if it refuses for a reason that does not go away by itself
   */
  public void awaitOpen(long deadlineNanos) throws IOException {
    try {
      Replica unused = first.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // It goes on without it.
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException bug) {
        throw bug;
      }
      if (e.getCause() instanceof ReplicaException refusal
          && refusal.reason() != Reason.UNAVAILABLE) {
        throw new ReplicaException(
            refusal.reason(),
            "replica "
                + config.name()
                + " cannot be opened: "
                + refusal.getMessage()
                + "; nothing was changed. Check its configuration.",
            refusal);
      }
    }
  }

  /** The opening under way, or a new one. */
  private synchronized FutureTask<Replica> task() throws IOException {
    if (closed) {
      throw new ReplicaException(Reason.UNAVAILABLE, name() + " is closed");
    }
    FutureTask<Replica> current = opening;
    if (current == null) {
      current = new FutureTask<>(this::attempt);
      opening = current;
    }
    return current;
  }

  private Replica replica() throws IOException {
    FutureTask<Replica> task = task();
    task.run(); // nothing, if another thread does it or did it
    try {
      return opened(task.get());
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException bug) {
        throw bug;
      }
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }

  private synchronized Replica opened(Replica replica) throws IOException {
    if (closed) {
      replica.close();
      throw new ReplicaException(Reason.UNAVAILABLE, name() + " is closed");
    }
    open = replica;
    return replica;
  }

  private Replica attempt() throws IOException {
    boolean succeeded = false;
    try {
      Replica replica = config.open();
      Path like = database;
      if (like != null) {
        replica.protectLike(like);
      }
      succeeded = true;
      return replica;
    } finally {
      if (!succeeded) {
        synchronized (this) {
          opening = null; // before anybody learns of it: who comes next tries again
        }
      }
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a replica was being opened");
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
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    return replica().create(key, body);
  }

  /** At once if it is open, else as soon as it is. */
  @Override
  public synchronized void protectLike(Path like) {
    database = like;
    Replica current = open;
    if (current != null) {
      current.protectLike(like);
    }
  }

  @Override
  public List<String> warnings() throws IOException {
    return replica().warnings();
  }

  /** False as long as it is not open. */
  @Override
  public synchronized boolean createsExclusively() {
    Replica current = open;
    return current != null && current.createsExclusively();
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

  /** Interrupts an opening under way and does not wait for it: what comes of it is closed then. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    opener.interrupt();
    Replica current = open;
    open = null;
    if (current != null) {
      current.close();
    }
  }
}
