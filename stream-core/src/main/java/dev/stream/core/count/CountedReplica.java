package dev.stream.core.count;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A replica of which is counted what is asked of it and what becomes of that. What an operation
 * takes is the time that the store had it, not what its caller did between two reads. Thread-safe.
 */
public final class CountedReplica implements Replica {

  private final Replica replica;
  private final ReplicaCounters counters;

  /** Of a replica; {@link #close} closes that. */
  public CountedReplica(Replica replica, ReplicaCounters counters) {
    this.replica = replica;
    this.counters = counters;
  }

  private CountedCall begin(ReplicaOperation operation) {
    return new CountedCall(counters, operation);
  }

  @Override
  public String name() {
    return replica.name();
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return store(body, () -> replica.put(key, body));
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    return store(body, () -> replica.create(key, body));
  }

  @Override
  public boolean createsExclusively() {
    return replica.createsExclusively();
  }

  private ObjectInfo store(ObjectBody body, CountedCall.Step<ObjectInfo> step) throws IOException {
    try (CountedCall call = begin(ReplicaOperation.STORE)) {
      ObjectInfo stored = call.in(step);
      call.moved(body.size());
      return stored;
    }
  }

  /** Counted once the stream is closed. */
  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    return opened(
        ReplicaOperation.READ,
        call -> new CountedStream(call.in(() -> replica.open(key, offset, length)), call));
  }

  /** Counted once the listing is closed. */
  @Override
  public ObjectListing list(String prefix) throws IOException {
    return opened(
        ReplicaOperation.LIST,
        call -> new CountedListing(call.in(() -> replica.list(prefix)), call));
  }

  /** Begins an operation that goes on for as long as something is read. */
  @FunctionalInterface
  private interface Opening<T> {
    T open(CountedCall call) throws IOException;
  }

  private <T> T opened(ReplicaOperation operation, Opening<T> opening) throws IOException {
    CountedCall call = begin(operation);
    boolean opened = false;
    try {
      T result = opening.open(call);
      opened = true;
      return result;
    } finally {
      if (!opened) {
        call.close();
      }
    }
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    try (CountedCall call = begin(ReplicaOperation.DELETE)) {
      boolean unused =
          call.in(
              () -> {
                replica.delete(keys);
                return true;
              });
    }
  }

  @Override
  public void protectLike(Path database) {
    replica.protectLike(database);
  }

  @Override
  public List<String> warnings() throws IOException {
    return replica.warnings();
  }

  @Override
  public void close() throws IOException {
    replica.close();
  }
}
