package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
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

  /** Memory, storage or account limits, and the stream's own. */
  private static final Set<Integer> FULL = Set.of(10023, 10028, 10047, 10077, 10120);

  private final String servers;
  private final String bucket;
  private final @Nullable String domain;

  NatsFailures(String servers, String bucket, @Nullable String domain) {
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
    String cannot = cannot(doing);
    if (failure instanceof JetStreamApiException api) {
      return refused(cannot, api);
    }
    if (failure instanceof PermissionViolation violation) {
      String right = violation.publish() ? "publish to " : "subscribe to ";
      return new ReplicaException(
          Reason.ACCESS_DENIED,
          cannot
              + "the user may not "
              + right
              + violation.subject()
              + "; it needs to publish to "
              + String.join(" ", new Subjects(bucket, domain).toPublish())
              + " and to subscribe to _INBOX.>",
          failure);
    }
    if (failure instanceof AuthenticationException) {
      return denied(cannot, failure);
    }
    SSLException tls = tlsFailure(failure);
    if (tls != null) {
      return badCertificate(cannot, tls);
    }
    if (failure instanceof JetStreamStatusException || isNoResponders(failure)) {
      return new ReplicaException(
          Reason.UNAVAILABLE,
          cannot
              + (domain == null
                  ? "nobody answers for the bucket; has it lost its leader, or been removed?"
                  : "nobody answers for the domain; is its name right, and the way to it up?"),
          failure);
    }
    if (failure instanceof TimeoutException) {
      return new ReplicaException(
          Reason.UNAVAILABLE, cannot + "no answer within the timeout", failure);
    }
    return new ReplicaException(Reason.UNAVAILABLE, cannot + said(failure), failure);
  }

  private String cannot(String doing) {
    String where = domain == null ? "" : " of the domain " + domain;
    return "cannot " + doing + " in bucket " + bucket + where + " at " + servers + ": ";
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
    if (failure instanceof CancellationException) {
      return "the connection was lost";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static boolean isNoResponders(Throwable failure) {
    return said(failure).toLowerCase(Locale.ROOT).contains("no responders");
  }

  private ReplicaException refused(String cannot, JetStreamApiException failure) {
    String said = failure.getErrorDescription();
    int code = failure.getApiErrorCode();
    if (code == STREAM_NOT_FOUND) {
      return noBucket(cannot, failure);
    }
    if (code == JETSTREAM_NOT_ENABLED || code == JETSTREAM_NOT_ENABLED_FOR_ACCOUNT) {
      return new ReplicaException(
          Reason.REJECTED,
          cannot + "JetStream is not enabled for this account or server; enable it there",
          failure);
    }
    if (code == ROLLUP_REFUSED) {
      return new ReplicaException(
          Reason.REJECTED,
          cannot + "its stream is not one of an object store; make it with " + command(),
          failure);
    }
    if (code == SEALED) {
      return new ReplicaException(
          Reason.ACCESS_DENIED, cannot + "the bucket is sealed; take another one", failure);
    }
    String words = said.toLowerCase(Locale.ROOT);
    if (FULL.contains(code)
        || words.contains("insufficient")
        || words.contains("no space left")
        || words.contains("exceeded")) {
      return new ReplicaException(
          Reason.UNAVAILABLE,
          cannot
              + (words.contains("maximum bytes")
                  ? "the bucket is full: its max_bytes is reached"
                  : "the server has no room: " + said)
              + "; make room or raise the limit; nothing is lost, Stream retries",
          failure);
    }
    boolean theirs = failure.getErrorCode() >= 500 || failure.getErrorCode() == 408;
    return new ReplicaException(
        theirs ? Reason.UNAVAILABLE : Reason.REJECTED,
        cannot + "the server says: " + said,
        failure);
  }

  private ReplicaException noBucket(String cannot, Throwable failure) {
    return new ReplicaException(
        Reason.REJECTED,
        cannot
            + "there is no such bucket; make it with "
            + command()
            + (domain == null
                ? ", or if it is in another JetStream domain, name that as domain"
                : ""),
        failure);
  }

  private String command() {
    String first = servers.contains(",") ? servers.substring(0, servers.indexOf(',')) : servers;
    String where = domain == null ? "" : " --js-domain " + domain;
    return "'nats object add " + bucket + " --server " + first + where + "'";
  }

  private static ReplicaException denied(String cannot, Throwable failure) {
    return new ReplicaException(
        Reason.ACCESS_DENIED,
        cannot
            + "the server refuses our credentials ("
            + said(failure)
            + "); correct creds, nkey, token, or user and password",
        failure);
  }

  private static @Nullable SSLException tlsFailure(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SSLException tls) {
        return tls;
      }
    }
    return null;
  }

  private static ReplicaException badCertificate(String cannot, SSLException failure) {
    boolean certificate = false;
    for (Throwable each = failure; each != null; each = each.getCause()) {
      certificate |= each instanceof GeneralSecurityException;
    }
    return new ReplicaException(
        certificate ? Reason.REJECTED : Reason.UNAVAILABLE,
        cannot
            + "no TLS connection ("
            + said(failure)
            + ")"
            + (certificate
                ? "; if the server's certificate is from an authority of your own, name it in"
                    + " rootCAs; it must also be for the host in url"
                : ""),
        failure);
  }

  /** The server has no JetStream at all. */
  ReplicaException withoutJetStream(String doing) {
    return new ReplicaException(
        Reason.REJECTED,
        cannot(doing)
            + "the server runs without JetStream; start it with -js, or enable it there; if it is a"
            + " leaf node, name the JetStream domain that has the bucket as domain");
  }

  ReplicaException of(Reason reason, String doing, String said) {
    return new ReplicaException(reason, cannot(doing) + said);
  }
}
