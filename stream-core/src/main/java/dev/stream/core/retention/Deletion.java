package dev.stream.core.retention;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.archive.ReplicaArchive;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to delete many objects. What comes after one that cannot be deleted is deleted all the
 * same, unless the replica cannot be reached.
 *
 * @param deleted how many are gone
 * @param failure why others are not, as of the last that failed; null if none did
 */
public record Deletion(int deleted, @Nullable Throwable failure) {

  /** What a stop has to wait for at most; as many as object stores delete in one request. */
  private static final int BATCH = 1000;

  /**
   * Deletes objects.
   *
   * @param stopped whether the rest may stay
   */
  public static Deletion of(ReplicaArchive archive, List<ObjectKey> keys, BooleanSupplier stopped) {
    Throwable failure = null;
    int deleted = 0;
    for (int from = 0; from < keys.size() && !stopped.getAsBoolean(); from += BATCH) {
      List<ObjectKey> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
      try {
        archive.delete(batch);
        deleted += batch.size();
      } catch (IOException | RuntimeException | Error e) {
        failure = e;
        if (reason(e) == Reason.UNAVAILABLE) {
          break;
        }
      }
    }
    return new Deletion(deleted, failure);
  }

  static Reason reason(Throwable failure) {
    if (failure instanceof ReplicaException refusal) {
      return refusal.reason();
    }
    return failure instanceof IOException ? Reason.UNAVAILABLE : Reason.REJECTED;
  }
}
