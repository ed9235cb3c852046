package dev.stream.replica.sftp;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import java.io.InterruptedIOException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one file may be written through several channels at once, which servers exist that cannot
 * take. Thread-safe.
 */
final class UploadWidth {

  private static final Logger LOG = LoggerFactory.getLogger(UploadWidth.class);

  /**
   * A connection may break or be silent at any time; twice in a row just then, and the server is to
   * blame.
   */
  private static final int BREAKS_THAT_TELL = 2;

  private final String name;
  private int breaks;
  private @Nullable IOException broken;
  private boolean one;

  UploadWidth(String name) {
    this.name = name;
  }

  synchronized boolean maySeveral() {
    return !one && broken == null;
  }

  /** Whether the failure of an upload through several channels may be due to that. */
  static boolean mayBeToBlame(IOException failure) {
    if (failure instanceof ReplicaException || failure instanceof InterruptedIOException) {
      // The content failed, or no connection can be made.
      return false;
    }
    return switch (status(failure)) {
      case PERMISSION_DENIED, WRITE_PROTECT, NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED -> false;
      default -> true;
    };
  }

  /** Whether the connection may still stand: a server may be stuck in some of its channels only. */
  static boolean mayTryAgainAtOnce(IOException failure) {
    return isAnswered(failure) || failure instanceof NoAnswerException;
  }

  /** Whether the server itself, or the file that it has, shows the failure. */
  private static boolean isAnswered(IOException failure) {
    return status(failure) != StatusCode.UNKNOWN || failure instanceof UploadSamples.Mismatch;
  }

  /** The connection broke. The next file goes through one channel, to see whether that works. */
  synchronized void broke(IOException failure) {
    broken = failure;
  }

  /** A file arrived through several channels. */
  synchronized void severalWorked() {
    breaks = 0;
  }

  /** A file arrived through one channel. It may be the first one after the connection broke. */
  synchronized void oneWorked() {
    if (broken != null) {
      onlyOneWorked(broken);
      broken = null;
    }
  }

  /** A file arrived through one channel, after it had failed to arrive through several. */
  synchronized void onlyOneWorked(IOException failure) {
    breaks += isAnswered(failure) ? BREAKS_THAT_TELL : 1;
    if (breaks >= BREAKS_THAT_TELL && !one) {
      one = true;
      LOG.warn(
          "{}: the server does not take one file through several channels at once ({}); from now on"
              + " each goes through one, which over a long way is slower",
          name,
          ReplicaFailures.messageOf(failure));
    }
  }

  private static StatusCode status(IOException failure) {
    StatusCode status = failure instanceof SFTPException sftp ? sftp.getStatusCode() : null;
    return status == null ? StatusCode.UNKNOWN : status;
  }
}
