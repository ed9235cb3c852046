package org.example.stream.webdav;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ReplicaFailures;
import javax.net.ssl.SSLHandshakeException;

/** Says what an answer, or the lack of one, means for a replica. */
record WebdavFailures(ReplicaFailures failures) {

  /** The server answered, but not that it was done. */
  ReplicaException answered(String doing, int status) {
    return switch (status) {
      case 401 ->
          failure(Reason.ACCESS_DENIED, doing, "refuses the login (401); check user and password");
      case 403 ->
          failure(Reason.ACCESS_DENIED, doing, "does not allow it (403); give the user the right");
      case 404 -> failure(Reason.NOT_FOUND, doing, "has no such object (404)");
      case 405, 501 ->
          failure(
              Reason.REJECTED,
              doing,
              "does not support it (" + status + "); check that WebDAV is enabled at the url");
      case 507 -> failure(Reason.UNAVAILABLE, doing, "has no space left (507); make room there");
      default -> failure(reason(status), doing, "answered with status " + status);
    };
  }

  private static Reason reason(int status) {
    return switch (status) {
      // Timed out, locked by another client, too many requests. A conflict is a parent that
      // vanished, which the next attempt makes again.
      case 408, 409, 423, 429 -> Reason.UNAVAILABLE;
      case 407 -> Reason.ACCESS_DENIED;
      default -> status >= 500 ? Reason.UNAVAILABLE : Reason.REJECTED;
    };
  }

  /** The server did not answer, or not to the end. */
  ReplicaException unanswered(String doing, Throwable cause) {
    if (cause instanceof ReplicaException already) {
      return already;
    }
    String said = ReplicaFailures.messageOf(cause);
    if (cause instanceof SSLHandshakeException) {
      String why = "no TLS connection: " + said;
      String advice =
          "; if its certificate is from a CA of your own, add that to Java's trust store";
      return failures.of(Reason.REJECTED, doing, why + advice, cause);
    }
    return failures.of(Reason.UNAVAILABLE, doing, said, cause);
  }

  /** The server answered, but not as WebDAV wants it. */
  ReplicaException misunderstood(String doing, String what) {
    return failure(Reason.REJECTED, doing, what);
  }

  ReplicaException exists(ObjectKey key) {
    return failures.exists(key, null);
  }

  ReplicaException absent(ObjectKey key) {
    return failures.absent(key);
  }

  private ReplicaException failure(Reason reason, String doing, String what) {
    return failures.of(reason, doing, "the server " + what, null);
  }
}
