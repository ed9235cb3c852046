package dev.stream.replica.sftp;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The connection in use, made when it is needed and again when it broke. Thread-safe. */
final class Connections implements AutoCloseable {

  private final Login login;
  private @Nullable SshConnection live;
  private @Nullable FutureTask<SshConnection> attempt;
  private boolean closed;

  Connections(Login login) {
    this.login = login;
  }

  /** A connection that works as far as is known; callers share an attempt to make it. */
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
      if (e.getCause() instanceof ReplicaException typed) {
        // Each caller its own, which it may add to.
        throw new ReplicaException(typed.reason(), String.valueOf(typed.getMessage()), typed);
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(Login.said(cause), cause);
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
