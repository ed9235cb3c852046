package dev.stream.testkit.replica;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ExactBody;
import dev.stream.api.replica.support.LookaheadListing;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A replica in memory that keeps the whole contract; for tests. Thread-safe.
 *
 * <p>Several instances may share a store, as several processes share a bucket: see {@link #open}
 * and {@link #another}.
 */
public final class MemoryReplica implements Replica {

  private static final class StoredObject {
    private final byte[] content;
    private final ObjectInfo info;

    StoredObject(byte[] content, ObjectInfo info) {
      this.content = content;
      this.info = info;
    }
  }

  private static final ConcurrentMap<String, ConcurrentNavigableMap<ObjectKey, StoredObject>>
      STORES = new ConcurrentHashMap<>();

  private final String store;
  private final Clock clock;
  private final ConcurrentNavigableMap<ObjectKey, StoredObject> objects;
  private volatile boolean closed;

  private MemoryReplica(
      String store, Clock clock, ConcurrentNavigableMap<ObjectKey, StoredObject> objects) {
    this.store = store;
    this.clock = clock;
    this.objects = objects;
  }

  /** A replica over a new store that only {@link #another} shares. */
  public static MemoryReplica create() {
    return create(Clock.systemUTC());
  }

  /** A replica over a new store whose objects are stamped by {@code clock}. */
  public static MemoryReplica create(Clock clock) {
    return new MemoryReplica("private", clock, new ConcurrentSkipListMap<>());
  }

  /** A replica over the store of this name, which lasts until {@link #drop}. */
  public static MemoryReplica open(String store) {
    return new MemoryReplica(
        store,
        Clock.systemUTC(),
        STORES.computeIfAbsent(store, name -> new ConcurrentSkipListMap<>()));
  }

  /** Forgets the store of this name; instances that are open keep it. */
  public static void drop(String store) {
    STORES.remove(store);
  }

  /** A second instance over the same store. */
  public MemoryReplica another() {
    return new MemoryReplica(store, clock, objects);
  }

  @Override
  public String name() {
    return "memory:" + store;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    ensureOpen("store " + key);
    byte[] content = read(key, body);
    ObjectInfo info = new ObjectInfo(key, content.length, clock.instant());
    objects.put(key, new StoredObject(content, info));
    return info;
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    ensureOpen("store " + key);
    byte[] content = read(key, body);
    ObjectInfo info = new ObjectInfo(key, content.length, clock.instant());
    if (objects.putIfAbsent(key, new StoredObject(content, info)) != null) {
      throw new ReplicaFailures(name()).exists(key, null);
    }
    return info;
  }

  @Override
  public boolean createsExclusively() {
    return true;
  }

  private static byte[] read(ObjectKey key, ObjectBody body) throws IOException {
    long size = body.size();
    if (size < 0 || size > Integer.MAX_VALUE - 16) {
      throw new ReplicaException(
          Reason.REJECTED, "cannot store " + key + " in memory: " + size + " bytes");
    }
    try (ExactBody content = ExactBody.open(key.value(), body)) {
      return content.readNBytes((int) size);
    }
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    ensureOpen("read " + key);
    StoredObject object = objects.get(key);
    if (object == null) {
      throw new ReplicaFailures(name()).absent(key);
    }
    int size = object.content.length;
    int from = (int) Math.min(offset, size);
    int count = (int) Math.min(length, size - from);
    return new ByteArrayInputStream(object.content, from, count);
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    ensureOpen("list '" + prefix + "'");
    List<ObjectInfo> found = new ArrayList<>();
    for (StoredObject object : objects.values()) {
      if (object.info.key().value().startsWith(prefix)) {
        found.add(object.info);
      }
    }
    return LookaheadListing.of(found.iterator());
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    ensureOpen("delete " + keys.size() + " objects");
    keys.forEach(objects::remove);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void ensureOpen(String what) throws ReplicaException {
    if (closed) {
      throw new ReplicaException(
          Reason.UNAVAILABLE, "cannot " + what + ": " + name() + " is closed");
    }
  }
}
