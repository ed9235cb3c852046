package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ReplicaFailures;
import io.nats.client.AuthenticationException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what a failure of the server or the client library means for a replica. */
final class NatsFailures {

  /** The stream that a bucket is does not exist. */
  private static final int STREAM_NOT_FOUND = 10059;

  private static final int JETSTREAM_NOT_ENABLED = 10076;
  private static final int JETSTREAM_NOT_ENABLED_FOR_ACCOUNT = 10039;
  private static final int WRONG_LAST_SEQUENCE = 10071;
  private static final int NO_MESSAGE_FOUND = 10037;
  private static final int ROLLUP_REFUSED = 10111;
  private static final int SEALED = 10109;

  /** Codes of limits of memory, of storage, of the account and of the stream. */
  private static final Set<Integer> FULL = Set.of(10023, 10028, 10047, 10077, 10120);

  private final ReplicaFailures failures;
  private final String servers;
  private final String bucket;
  private final @Nullable String domain;

  NatsFailures(String servers, String bucket, @Nullable String domain) {
    String where = domain == null ? "" : " of the domain " + domain;
    this.failures = new ReplicaFailures("bucket " + bucket + where + " at " + servers);
    this.servers = servers;
    this.bucket = bucket;
    this.domain = domain;
  }

  static boolean isWrongLastSequence(JetStreamApiException failure) {
    return failure.getApiErrorCode() == WRONG_LAST_SEQUENCE;
  }

  static boolean isNoMessage(JetStreamApiException failure) {
    return failure.getApiErrorCode() == NO_MESSAGE_FOUND;
  }

  /**
   * The failure as the core understands it.
   *
   * @param doing what was tried, on which object, such as {@code store g/a}
   */
  ReplicaException typed(String doing, Throwable thrown) {
    Throwable failure = unwrapped(thrown);
    if (failure instanceof ReplicaException already) {
      return already;
    }
    if (failure instanceof JetStreamApiException api) {
      return refused(doing, api);
    }
    if (failure instanceof PermissionViolation violation) {
      String why =
          String.format(
              "the user may not %s %s; it needs to publish to %s and to subscribe to _INBOX.>",
              violation.publish() ? "publish to" : "subscribe to",
              violation.subject(),
              String.join(" ", new Subjects(bucket, domain).toPublish()));
      return failures.of(Reason.ACCESS_DENIED, doing, why, failure);
    }
    if (failure instanceof AuthenticationException) {
      String advice = "); correct creds, nkey, token, or user and password";
      String why = "the server refuses our credentials (" + said(failure) + advice;
      return failures.of(Reason.ACCESS_DENIED, doing, why, failure);
    }
    SSLException tls = ReplicaFailures.causeOf(failure, SSLException.class);
    if (tls != null) {
      return notSecure(doing, tls);
    }
    String why = said(failure);
    if (failure instanceof JetStreamStatusException || isNoResponders(failure)) {
      why =
          domain == null
              ? "nobody answers for the bucket; has it lost its leader, or been removed?"
              : "nobody answers for the domain; is its name right, and the way to it up?";
    } else if (failure instanceof TimeoutException) {
      why = "no answer within the timeout";
    }
    return failures.of(Reason.UNAVAILABLE, doing, why, failure);
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable failure = thrown;
    while (failure.getCause() != null
        && (failure instanceof ExecutionException || failure instanceof CompletionException)) {
      failure = failure.getCause();
    }
    return failure;
  }

  private static String said(Throwable failure) {
    return failure instanceof CancellationException
        ? "the connection was lost"
        : ReplicaFailures.messageOf(failure);
  }

  private static boolean isNoResponders(Throwable failure) {
    return said(failure).toLowerCase(Locale.ROOT).contains("no responders");
  }

  private ReplicaException refused(String doing, JetStreamApiException failure) {
    int code = failure.getApiErrorCode();
    return switch (code) {
      case STREAM_NOT_FOUND -> {
        String elsewhere = ", or if it is in another JetStream domain, name that as domain";
        String advice = command() + (domain == null ? elsewhere : "");
        String why = "there is no such bucket; make it with " + advice;
        yield failures.of(Reason.REJECTED, doing, why, failure);
      }
      case JETSTREAM_NOT_ENABLED, JETSTREAM_NOT_ENABLED_FOR_ACCOUNT -> {
        String why = "JetStream is not enabled for this account or server; enable it there";
        yield failures.of(Reason.REJECTED, doing, why, failure);
      }
      case ROLLUP_REFUSED -> {
        String why = "its stream is not one of an object store; make it with " + command();
        yield failures.of(Reason.REJECTED, doing, why, failure);
      }
      case SEALED -> {
        String why = "the bucket is sealed; take another one";
        yield failures.of(Reason.ACCESS_DENIED, doing, why, failure);
      }
      default -> full(doing, code, failure);
    };
  }

  /** A refusal for lack of room, or for a reason that has no words of its own. */
  private ReplicaException full(String doing, int code, JetStreamApiException failure) {
    String said = failure.getErrorDescription();
    String words = said.toLowerCase(Locale.ROOT);
    if (FULL.contains(code)
        || words.contains("insufficient")
        || words.contains("no space left")
        || words.contains("exceeded")) {
      String found =
          words.contains("maximum bytes")
              ? "the bucket is full: its max_bytes is reached"
              : "the server has no room: " + said;
      String advice = "; make room or raise the limit; nothing is lost, Stream retries";
      return failures.of(Reason.UNAVAILABLE, doing, found + advice, failure);
    }
    boolean theirs = failure.getErrorCode() >= 500 || failure.getErrorCode() == 408;
    Reason reason = theirs ? Reason.UNAVAILABLE : Reason.REJECTED;
    return failures.of(reason, doing, "the server says: " + said, failure);
  }

  private String command() {
    String first = servers.contains(",") ? servers.substring(0, servers.indexOf(',')) : servers;
    String where = domain == null ? "" : " --js-domain " + domain;
    return "'nats object add " + bucket + " --server " + first + where + "'";
  }

  private ReplicaException notSecure(String doing, SSLException failure) {
    boolean certificate = ReplicaFailures.causeOf(failure, GeneralSecurityException.class) != null;
    String advice =
        "; if the server's certificate is from an authority of your own, name it in rootCAs; it"
            + " must also be for the host in url";
    return failures.of(
        certificate ? Reason.REJECTED : Reason.UNAVAILABLE,
        doing,
        "no TLS connection (" + said(failure) + ")" + (certificate ? advice : ""),
        failure);
  }

  /** The server has no JetStream at all. */
  ReplicaException withoutJetStream(String doing) {
    String why =
        "the server runs without JetStream; start it with -js, or enable it there; if it is a leaf"
            + " node, name the JetStream domain that has the bucket as domain";
    return of(Reason.REJECTED, doing, why);
  }

  /** The thread that waited was interrupted, and stays so. */
  ReplicaException interrupted(String doing) {
    Thread.currentThread().interrupt();
    return of(Reason.UNAVAILABLE, doing, "interrupted");
  }

  ReplicaException of(Reason reason, String doing, String why) {
    return failures.of(reason, doing, why, null);
  }
}
