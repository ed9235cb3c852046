package dev.stream.replica.nats;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for an answer, and what the connection reports besides answers. A refused
 * publication and a lost connection come that way: they end the requests they concern at once,
 * instead of letting them wait for nothing.
 */
final class PendingRequests implements ErrorListener, ConnectionListener {

  /** What servers say of credentials that they do not accept, or no longer. */
  private static final Pattern REFUSAL =
      Pattern.compile(
          "authorization violation|authentication (?:expired|revoked)", Pattern.CASE_INSENSITIVE);

  private final Set<Pending> requests = ConcurrentHashMap.newKeySet();

  private volatile @Nullable PermissionViolation refusedInbox;
  private volatile @Nullable Exception lastFailure;
  private volatile boolean stood;
  private long changes;

  /** A request that waits for its answer. It is equal to itself only. */
  private static final class Pending {
    private final String subject;
    private final CompletableFuture<Message> answer;

    private Pending(String subject, CompletableFuture<Message> answer) {
      this.subject = subject;
      this.answer = answer;
    }
  }

  /** The answer to a request that is about to be sent; nothing that happens from now is missed. */
  CompletableFuture<Message> begin(String subject) {
    CompletableFuture<Message> answer = new CompletableFuture<>();
    Pending pending = new Pending(subject, answer);
    requests.add(pending);
    var unused = answer.whenComplete((message, failure) -> requests.remove(pending));
    PermissionViolation refused = refusedInbox;
    if (refused != null) {
      answer.completeExceptionally(refused);
    }
    return answer;
  }

  /** The last thing that went wrong with the connection; null if nothing has since it stands. */
  @Nullable Exception lastFailure() {
    return lastFailure;
  }

  private void failAll(Exception failure) {
    requests.forEach(request -> request.answer.completeExceptionally(failure));
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    PermissionViolation refused = PermissionViolation.of(error);
    if (refused == null) {
      boolean denied = REFUSAL.matcher(error).find();
      lastFailure = denied ? new AuthenticationException(error) : new IOException(error);
      if (denied && !stood) {
        giveUp(connection);
      }
    } else if (refused.publish()) {
      for (Pending request : requests) {
        if (request.subject.equals(refused.subject())) {
          request.answer.completeExceptionally(refused);
        }
      }
    } else {
      // No answer can reach us any more.
      refusedInbox = refused;
      failAll(refused);
    }
  }

  /**
   * The library would wait for the rest of the timeout; it calls from a thread that closing ends.
   */
  private static void giveUp(Connection connection) {
    Thread closing =
        new Thread(
            () -> {
              try {
                connection.close();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stream-nats-refused");
    closing.setDaemon(true);
    closing.start();
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception failure) {
    // What follows a refusal, such as the end of the connection, says less.
    if (!(lastFailure instanceof AuthenticationException)) {
      lastFailure = failure;
    }
  }

  @Override
  @Deprecated
  public void connectionEvent(Connection connection, Events event) {
    switch (event) {
      case CONNECTED, RECONNECTED -> {
        stood = true;
        lastFailure = null;
        refusedInbox = null;
        changed();
      }
      case DISCONNECTED, CLOSED -> {
        Exception reason = lastFailure;
        failAll(new IOException("the connection was lost", reason));
        changed();
      }
      default -> {}
    }
  }

  private synchronized void changed() {
    changes++;
    notifyAll();
  }

  /** Waits for a change of the connection, or some time. */
  synchronized void awaitChange(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long before = changes;
    while (changes == before) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }
}
