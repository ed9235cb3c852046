package dev.stream.core.retry;

import dev.stream.api.replica.ReplicaException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/**
 * Tells failures that an interrupt brought about from others. A channel of a file that is closed by
 * one says nothing but its class's name, and blames the file.
 */
public final class Interruption {

  private static final int MOST_CAUSES = 20;

  private Interruption() {}

  /** Whether this thread was interrupted, or an interrupt of it is what caused the failure. */
  public static boolean caused(Throwable failure) {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
      if (is(cause)) {
        return true;
      }
      if (cause instanceof ReplicaException) {
        return false; // a client's timeout may be an interruption by its type
      }
      cause = cause.getCause();
    }
    return false;
  }

  static boolean is(@Nullable Throwable failure) {
    // A socket's timeout is, by its type only, an interruption.
    return failure instanceof ClosedByInterruptException
        || failure instanceof FileLockInterruptionException
        || failure instanceof InterruptedException
        || (failure instanceof InterruptedIOException
            && !(failure instanceof SocketTimeoutException));
  }

  /**
   * The failure itself, or a plain one in its place if an interrupt caused it; the thread's
   * interrupt status is set then.
   *
   * @param what what was interrupted and what that means, a sentence without its full stop
   */
  public static IOException plain(String what, IOException failure) {
    if (!caused(failure)) {
      return failure;
    }
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException(what);
    interrupted.initCause(failure);
    return interrupted;
  }
}
