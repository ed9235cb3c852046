package org.example.stream.webdav;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Says what an answer, or the lack of one, means for a replica called so. */
record Failures(String replica) {

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
    if (cause instanceof SSLHandshakeException) {
      return new ReplicaException(
          Reason.REJECTED,
          "cannot "
              + doing
              + " in "
              + replica
              + ": no TLS connection: "
              + cause.getMessage()
              + "; if its certificate is from a CA of your own, add that to Java's trust store",
          cause);
    }
    // The JDK's exception for a refused connection has no message.
    String said =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new ReplicaException(
        Reason.UNAVAILABLE, "cannot " + doing + " in " + replica + ": " + said, cause);
  }

  /** The content that was to be stored is at fault, not the server. */
  ReplicaException body(Reason reason, String doing, String what, @Nullable IOException cause) {
    return new ReplicaException(reason, "cannot " + doing + " in " + replica + ": " + what, cause);
  }

  /** The server answered, but not as WebDAV wants it. */
  ReplicaException misunderstood(String doing, String what) {
    return failure(Reason.REJECTED, doing, what);
  }

  private ReplicaException failure(Reason reason, String doing, String what) {
    return new ReplicaException(
        reason, "cannot " + doing + " in " + replica + ": the server " + what);
  }
}
