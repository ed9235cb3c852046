package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one connection of a replica: made when first needed, mended by itself. Thread-safe. */
final class ServerLink implements AutoCloseable {

  /** How long jnats remembers a request; ours are given up earlier, or fail with the connection. */
  private static final Duration REMEMBERED = Duration.ofHours(2);

  private static final long LOOK_AGAIN_MILLIS = 100;

  private final NatsReplicaConfig config;
  private final NatsFailures failures;
  private final Duration timeout;

  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable Link current;
  private volatile boolean closed;

  /** A connection, and what waits on it. It is equal to itself only, unlike a record. */
  private static final class Link {
    private final Connection connection;
    private final PendingRequests pending;

    private Link(Connection connection, PendingRequests pending) {
      this.connection = connection;
      this.pending = pending;
    }
  }

  ServerLink(NatsReplicaConfig config, NatsFailures failures) {
    this.config = config;
    this.failures = failures;
    this.timeout = config.patience();
  }

  Duration timeout() {
    return timeout;
  }

  /** Most bytes that the server takes in one message. */
  long maxPayload(String doing) throws IOException {
    return connected(doing).connection.getMaxPayload();
  }

  /** The server says that it has no JetStream, and is in no cluster where another has. */
  boolean hasNoJetStream(String doing) throws IOException {
    var server = connected(doing).connection.getServerInfo();
    return !server.isJetStreamAvailable() && server.getCluster() == null;
  }

  /** Sends a request; what it is for shows in the error if there is no connection. */
  CompletableFuture<Message> send(
      String doing, String subject, @Nullable Headers headers, byte[] body) throws IOException {
    Link link = connected(doing);
    CompletableFuture<Message> answer = link.pending.begin(subject);
    CompletableFuture<Message> request;
    try {
      request = link.connection.requestWithTimeout(subject, headers, body, REMEMBERED);
    } catch (IllegalStateException | IllegalArgumentException e) {
      answer.cancel(false);
      throw failures.typed(doing, e);
    }
    var unusedCame =
        request.whenComplete(
            (message, failure) -> {
              if (failure == null) {
                answer.complete(message);
              } else {
                answer.completeExceptionally(failure);
              }
            });
    // A request that was given up, or failed without an answer, need not be remembered by jnats.
    var unusedOver = answer.whenComplete((message, failure) -> request.cancel(false));
    return answer;
  }

  /** Waits for the answer to a request. */
  Message await(String doing, CompletableFuture<Message> request) throws IOException {
    try {
      return request.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      request.cancel(false);
      throw failures.interrupted(doing);
    } catch (Exception e) {
      request.cancel(false);
      throw failures.typed(doing, e);
    }
  }

  Message ask(String doing, String subject, byte[] body) throws IOException {
    return await(doing, send(doing, subject, null, body));
  }

  /** Subscribes to a new inbox. */
  Subscription subscribe(String doing) throws IOException {
    Connection connection = connected(doing).connection;
    try {
      Subscription subscription = connection.subscribe(connection.createInbox());
      subscription.setPendingLimits(-1, -1);
      return subscription;
    } catch (IllegalStateException e) {
      throw failures.typed(doing, e);
    }
  }

  /** Sends a message that has no answer. */
  void tell(String doing, String subject) throws IOException {
    try {
      connected(doing).connection.publish(subject, new byte[0]);
    } catch (IllegalStateException e) {
      throw failures.typed(doing, e);
    }
  }

  /** The connection. It is made or waited for if need be, at most for the timeout. */
  private Link connected(String doing) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      if (closed) {
        throw failures.of(Reason.UNAVAILABLE, doing, "the replica is closed");
      }
      Link link = current;
      if (link != null && link.connection.getStatus() == Connection.Status.CONNECTED) {
        return link;
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        if (link != null && link.connection.getStatus() != Connection.Status.CLOSED) {
          if (left <= 0 || link.pending.lastFailure() instanceof AuthenticationException) {
            throw notConnected(doing, link.pending.lastFailure());
          }
          link.pending.awaitChange(Math.min(left, LOOK_AGAIN_MILLIS));
        } else {
          connect(doing, link, Math.max(1, left));
        }
      } catch (InterruptedException e) {
        throw failures.interrupted(doing);
      }
    }
  }

  private ReplicaException notConnected(String doing, @Nullable Exception reason) {
    return reason == null
        ? failures.of(Reason.UNAVAILABLE, doing, "not connected; is a server up there?")
        : failures.typed(doing, reason);
  }

  private void connect(String doing, @Nullable Link former, long millis)
      throws IOException, InterruptedException {
    if (!connecting.tryLock(millis, TimeUnit.MILLISECONDS)) {
      throw notConnected(doing, null);
    }
    try {
      if (current != former || closed) {
        return;
      }
      PendingRequests pending = new PendingRequests();
      Options options = ConnectionOptions.of(config, pending);
      Link made;
      try {
        made = new Link(Nats.connect(options), pending);
        if (made.connection.getStatus() == Connection.Status.CLOSED) {
          // The connection was given up because the server refused the credentials.
          throw notConnected(doing, pending.lastFailure());
        }
      } catch (AuthenticationException e) {
        throw failures.typed(doing, e);
      } catch (ReplicaException e) {
        throw e;
      } catch (IOException | CancellationException e) {
        throw notConnected(doing, pending.lastFailure());
      } catch (IllegalStateException e) {
        // Either NatsCredentials threw this, or jnats did because of its options.
        throw e.getCause() instanceof ReplicaException typed ? typed : failures.typed(doing, e);
      }
      current = made;
      if (closed) {
        made.connection.close();
      }
    } finally {
      connecting.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    Link link = current;
    if (link == null) {
      return;
    }
    try {
      link.connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while closing the connection", e);
    }
  }
}
