package dev.stream.api.replica;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A replica could not do what was asked; the reason says whether trying again can help. */
public final class ReplicaException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Why an operation failed. */
  public enum Reason {
    /** There is no such object. */
    NOT_FOUND,
    /** The credentials or rights do not allow it. */
    ACCESS_DENIED,
    /** The store cannot be reached, is overloaded, full or broken for now: worth another try. */
    UNAVAILABLE,
    /** The store understood and refuses: a wrong bucket, a wrong request, an object too large. */
    REJECTED,
    /** The store is not as it was: something else changed or removed what this replica wrote. */
    CONFLICT
  }

  private final Reason reason;

  /** A failure without a cause. */
  public ReplicaException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** A failure with its cause, if there is one. */
  public ReplicaException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason);
  }

  /** Why it failed. */
  public Reason reason() {
    return reason;
  }
}
