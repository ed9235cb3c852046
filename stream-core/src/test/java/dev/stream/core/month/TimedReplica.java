package dev.stream.core.month;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** A store in memory whose clock is set from outside, and that counts what is asked of it. */
public final class TimedReplica implements Replica {

  private final InstantSource clock;
  private final NavigableMap<ObjectKey, ObjectInfo> objects = new TreeMap<>();
  private final Map<ObjectKey, byte[]> contents = new HashMap<>();
  long puts;
  long bytesUp;
  long lists;
  long opens;
  long deletes;
  long deleted;

  /** An empty store. */
  public TimedReplica(InstantSource clock) {
    this.clock = clock;
  }

  /** What the store holds now, in a store of its own. */
  public synchronized TimedReplica copy() {
    TimedReplica copy = new TimedReplica(clock);
    copy.objects.putAll(objects);
    copy.contents.putAll(contents);
    return copy;
  }

  /** Does something while nothing is stored or deleted. */
  public synchronized <T> T still(Callable<T> action) throws Exception {
    return action.call();
  }

  synchronized int size() {
    return objects.size();
  }

  synchronized long bytes() {
    return objects.values().stream().mapToLong(ObjectInfo::size).sum();
  }

  /** What a listing costs in requests where one answers with at most a thousand objects. */
  synchronized long pages() {
    return Math.max(1, (objects.size() + 999) / 1000);
  }

  @Override
  public String name() {
    return "timed";
  }

  @Override
  public synchronized ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    puts++;
    try (InputStream in = body.open()) {
      byte[] bytes = in.readAllBytes();
      bytesUp += bytes.length;
      ObjectInfo info = new ObjectInfo(key, bytes.length, clock.instant());
      objects.put(key, info);
      contents.put(key, bytes);
      return info;
    }
  }

  @Override
  public synchronized InputStream open(ObjectKey key, long offset, long length)
      throws ReplicaException {
    opens++;
    byte[] stored = contents.get(key);
    if (stored == null) {
      throw new ReplicaException(Reason.NOT_FOUND, key + " is not there");
    }
    int from = (int) Math.min(offset, stored.length);
    return new ByteArrayInputStream(stored, from, (int) Math.min(length, stored.length - from));
  }

  @Override
  public synchronized ObjectListing list(String prefix) {
    lists++;
    List<ObjectInfo> infos =
        objects.values().stream().filter(info -> info.key().value().startsWith(prefix)).toList();
    Iterator<ObjectInfo> each = infos.iterator();
    return new ObjectListing() {
      @Override
      public boolean hasNext() {
        return each.hasNext();
      }

      @Override
      public ObjectInfo next() {
        return each.next();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized void delete(Collection<ObjectKey> keys) {
    deletes++;
    for (ObjectKey key : keys) {
      deleted += objects.remove(key) == null ? 0 : 1;
      contents.remove(key);
    }
  }

  @Override
  public void close() {}
}
