package dev.stream.api.replica.support;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Says what failed, in the same words for every replica: {@code cannot store g/a in PLACE: WHY}.
 * Thread-safe.
 *
 * @param place where the objects are, free of secrets, such as the replica's name
 */
public record ReplicaFailures(String place) {

  /**
   * A failure.
   *
   * @param doing what was tried, on which object, such as {@code store g/a}
   * @param why what went wrong, and what to do
   */
  public ReplicaException of(Reason reason, String doing, String why, @Nullable Throwable cause) {
    return new ReplicaException(reason, "cannot " + doing + " in " + place + ": " + why, cause);
  }

  /** A conflict: an object cannot be created, because there is one of this key. */
  public ReplicaException exists(ObjectKey key, @Nullable Throwable cause) {
    return of(Reason.CONFLICT, "create " + key, "there is one already", cause);
  }

  /** There is no object of this key. */
  public ReplicaException absent(ObjectKey key) {
    return new ReplicaException(Reason.NOT_FOUND, "no object " + key + " in " + place);
  }

  /** What a failure says, or its type's name if it says nothing, as some of the JDK's do. */
  public static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** The failure itself or the first of its causes that is of a type; null if none is. */
  public static <T> @Nullable T causeOf(Throwable failure, Class<T> type) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }
}
