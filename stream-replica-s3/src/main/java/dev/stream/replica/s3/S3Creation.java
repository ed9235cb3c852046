package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ReplicaException;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import okhttp3.Response;

/**
 * Stores objects of which there is none yet, by a condition that not every server knows: some
 * refuse it, some do as if it was not there. Only a server that was seen to obey it is relied upon;
 * of others it is asked first whether there is one. Thread-safe.
 */
final class S3Creation {

  private static final Map<String, String> IF_NONE = Map.of("If-None-Match", "*");

  /** What may be sent a second time to see whether the server obeys. */
  private static final long SMALL = 1 << 20;

  /** What the server does with the condition. */
  private enum Condition {
    UNKNOWN,
    OBEYED,
    REFUSED_OR_IGNORED
  }

  private final SignedClient client;
  private final S3ObjectStore store;
  private volatile Condition condition = Condition.UNKNOWN;

  S3Creation(SignedClient client, S3ObjectStore store) {
    this.client = client;
    this.store = store;
  }

  /** Whether the server was seen to obey the condition. */
  boolean isExclusive() {
    return condition == Condition.OBEYED;
  }

  /** Whether the server says that there is such an object. */
  static boolean isRefusal(S3Error error) {
    return error.code().equals("PreconditionFailed") || error.status() == 412;
  }

  /**
   * Stores an object under a whole key.
   *
   * @throws S3Error that {@link #isRefusal} knows if there is one, or a {@link ReplicaException} as
   *     a conflict
   */
  Instant create(String key, ObjectBody body) throws IOException {
    boolean trusted = condition == Condition.OBEYED && body.size() <= SMALL;
    if (!trusted && exists(key)) {
      throw client.failures().exists(key, null);
    }
    if (condition == Condition.REFUSED_OR_IGNORED) {
      return store.put(key, body);
    }
    try {
      Instant stored = conditionally(key, body);
      learn(key, body);
      return stored;
    } catch (S3Error e) {
      if (condition == Condition.OBEYED || (e.status() != 400 && e.status() != 501)) {
        throw e;
      }
      Instant stored = store.put(key, body);
      condition = Condition.REFUSED_OR_IGNORED;
      return stored;
    }
  }

  private Instant conditionally(String key, ObjectBody body) throws IOException {
    try {
      return store.put(key, body, IF_NONE);
    } catch (S3Error e) {
      if (isRefusal(e)) {
        condition = Condition.OBEYED;
      }
      // Others are at the same object just now: who is first shows in whether it is there.
      if (e.code().equals("ConditionalRequestConflict") && exists(key)) {
        throw client.failures().exists(key, e);
      }
      throw e;
    }
  }

  /** Sends the same again, which changes nothing, whether the server refuses it or not. */
  private void learn(String key, ObjectBody body) throws IOException {
    if (condition != Condition.UNKNOWN || body.size() > SMALL) {
      return;
    }
    try {
      store.put(key, body, IF_NONE);
      condition = Condition.REFUSED_OR_IGNORED;
    } catch (S3Error e) {
      if (isRefusal(e)) {
        condition = Condition.OBEYED;
      }
      // The object is stored, whatever hinders the server now; the next creation tells.
    } catch (IOException e) {
      // The object is stored in this case, too.
    }
  }

  private boolean exists(String key) throws IOException {
    try (Response found = client.send(S3Request.of("HEAD", key))) {
      return found.isSuccessful();
    } catch (S3Error e) {
      if (e.status() == 404) {
        return false;
      }
      throw e;
    }
  }
}
