package dev.stream.core.replicate;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A replica that is in trouble for as long as a test says. Each call then takes simulated time, so
 * that none ends before the test lets time pass.
 */
final class TroubledReplica implements Replica {

  /** What becomes of a call. */
  enum Trouble {
    REFUSES(Duration.ofSeconds(1)),
    THROWS(Duration.ofSeconds(1)),
    BREAKS(Duration.ofSeconds(1)),
    STALLS(Duration.ofMinutes(5)),
    IS_SLOW(Duration.ofMinutes(5));

    /** How long a call takes. */
    final Duration takes;

    Trouble(Duration takes) {
      this.takes = takes;
    }

    private void end() throws IOException {
      switch (this) {
        case REFUSES -> throw new ReplicaException(Reason.UNAVAILABLE, "connection refused");
        case THROWS -> throw new IllegalStateException();
        case BREAKS -> throw new NoClassDefFoundError("org/example/Missing");
        case STALLS -> throw new ReplicaException(Reason.UNAVAILABLE, "no answer");
        case IS_SLOW -> {}
      }
    }
  }

  final ScriptedReplica store = new ScriptedReplica();
  volatile @Nullable Trouble trouble;
  private final SimulatedTime time;

  TroubledReplica(SimulatedTime time) {
    this.time = time;
  }

  private void meet() throws IOException {
    Trouble met = trouble;
    if (met == null) {
      return;
    }
    try {
      time.sleep(met.takes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
    if (trouble != null) {
      met.end();
    }
  }

  @Override
  public String name() {
    return "troubled";
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    meet();
    return store.put(key, body);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    meet();
    return store.open(key, offset, length);
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    meet();
    return store.list(prefix);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    meet();
    store.delete(keys);
  }

  @Override
  public void close() {}
}
