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
    try (CountedCall call = begin(ReplicaOperation.STORE)) {
      ObjectInfo stored = call.in(() -> replica.put(key, body));
      call.moved(body.size());
      return stored;
    }
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    try (CountedCall call = begin(ReplicaOperation.STORE)) {
      ObjectInfo stored = call.in(() -> replica.create(key, body));
      call.moved(body.size());
      return stored;
    }
  }

  @Override
  public boolean createsExclusively() {
    return replica.createsExclusively();
  }

  /** Counted once the stream is closed. */
  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    CountedCall call = begin(ReplicaOperation.READ);
    boolean opened = false;
    try {
      InputStream stream =
          new CountedStream(call.in(() -> replica.open(key, offset, length)), call);
      opened = true;
      return stream;
    } finally {
      if (!opened) {
        call.close();
      }
    }
  }

  /** Counted once the listing is closed. */
  @Override
  public ObjectListing list(String prefix) throws IOException {
    CountedCall call = begin(ReplicaOperation.LIST);
    boolean opened = false;
    try {
      ObjectListing listing = new CountedListing(call.in(() -> replica.list(prefix)), call);
      opened = true;
      return listing;
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
