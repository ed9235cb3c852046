package dev.stream.core.restore;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Nothing was restored; what was at the target is as it was. */
public final class RestoreException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Why nothing was restored. */
  public enum Reason {
    /** No replica was named, or none of that name is configured. */
    UNKNOWN_REPLICA(true),
    /** The folder of the target does not exist. */
    TARGET_FOLDER_MISSING(true),
    /** The target is a folder, or otherwise nothing that a file could replace. */
    TARGET_UNSUITABLE(true),
    /** There is a file already, and replacing it was not asked for. */
    TARGET_EXISTS(false),
    /** Files of an earlier database lie beside the target, and would be mixed into it. */
    LEFTOVERS(false),
    /** The target's file system is full. */
    NO_SPACE(false),
    /** The target cannot be written or read back. */
    TARGET_FAILED(false),
    /** No replica has any artefact. */
    NOTHING_THERE(false),
    /** A replica could not be asked, and those that could have no artefact. */
    UNREACHABLE(false),
    /** No replica could yield the state that was asked for. */
    NOT_RECOVERABLE(false),
    /** The thread was interrupted. */
    INTERRUPTED(false);

    private final boolean usage;

    Reason(boolean usage) {
      this.usage = usage;
    }

    /** Whether the request itself is at fault, rather than what it met. */
    public boolean isUsage() {
      return usage;
    }
  }

  private final Reason reason;

  RestoreException(Reason reason, String message) {
    this(reason, message, null);
  }

  RestoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason);
  }

  /** Why nothing was restored. */
  public Reason reason() {
    return reason;
  }
}
