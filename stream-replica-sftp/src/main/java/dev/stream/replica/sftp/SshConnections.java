package dev.stream.replica.sftp;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The connection in use. It is made when it is needed, and again when it broke. Thread-safe. */
final class SshConnections implements AutoCloseable {

  private final SshLogin login;
  private @Nullable SshConnection live;
  private @Nullable FutureTask<SshConnection> attempt;
  private boolean closed;

  SshConnections(SshLogin login) {
    this.login = login;
  }

  /** A connection that works as far as is known. Callers share an attempt to make one. */
  SshConnection current() throws IOException {
    FutureTask<SshConnection> shared;
    boolean mine = false;
    synchronized (this) {
      if (closed) {
        throw new ReplicaException(Reason.UNAVAILABLE, "the replica is closed");
      }
      if (attempt == null) {
        attempt = new FutureTask<>(this::renew);
        mine = true;
      }
      shared = attempt;
    }
    if (mine) {
      shared.run();
      synchronized (this) {
        attempt = null;
      }
    }
    try {
      return shared.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while connecting");
    } catch (ExecutionException e) {
      // Each caller gets its own failure, which it may add to.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String said = ReplicaFailures.messageOf(cause);
      throw cause instanceof ReplicaException typed
          ? new ReplicaException(typed.reason(), said, typed)
          : new IOException(said, cause);
    }
  }

  private SshConnection renew() throws IOException {
    SshConnection former;
    synchronized (this) {
      former = live;
    }
    if (former != null) {
      if (former.isUsable()) {
        return former;
      }
      former.close();
    }
    SshConnection fresh = login.connect();
    synchronized (this) {
      if (!closed) {
        live = fresh;
        return fresh;
      }
    }
    fresh.close();
    throw new ReplicaException(Reason.UNAVAILABLE, "the replica was closed meanwhile");
  }

  @Override
  public void close() throws IOException {
    SshConnection last;
    synchronized (this) {
      closed = true;
      last = live;
      live = null;
    }
    login.cancel();
    if (last != null) {
      last.close();
    }
  }
}
