package dev.stream.core.restore;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A replica in memory whose reads fail as a test wants. */
public final class TestReplica implements Replica {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  public final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  public final AtomicInteger opens = new AtomicInteger();

  /** Reads and listings that still succeed before the replica is down for good. */
  public volatile int readsUntilDown = Integer.MAX_VALUE;

  /** Breaks streams at random positions if set. */
  public volatile Random flaky;

  /** Whether somebody closed it. */
  public volatile boolean closed;

  /** Called before each read. */
  public volatile Runnable beforeOpen = () -> {};

  /** Called before each listing. */
  public volatile Runnable beforeList = () -> {};

  /** Keys that are listed although nothing is there. */
  public final Set<String> ghosts = ConcurrentHashMap.newKeySet();

  /** Objects that are deleted when they are about to be read. */
  public volatile Predicate<String> vanishing = key -> false;

  /** An empty one. */
  public TestReplica() {}

  @Override
  public String name() {
    return "test:memory";
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    try (InputStream in = body.open()) {
      objects.put(key.value(), in.readAllBytes());
    }
    return new ObjectInfo(key, body.size(), AT);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    opens.incrementAndGet();
    beforeOpen.run();
    requireUp();
    if (vanishing.test(key.value())) {
      objects.remove(key.value());
    }
    byte[] bytes = ghosts.contains(key.value()) ? null : objects.get(key.value());
    if (bytes == null) {
      throw new ReplicaException(Reason.NOT_FOUND, "no object " + key);
    }
    int from = (int) Math.min(offset, bytes.length);
    int count = (int) Math.min(length, bytes.length - from);
    InputStream in = new ByteArrayInputStream(bytes, from, count);
    Random random = flaky;
    return random == null ? in : new BreakingStream(in, random.nextInt(count + count / 2 + 2));
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    beforeList.run();
    requireUp();
    Iterator<ObjectInfo> infos =
        objects.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .map(e -> new ObjectInfo(new ObjectKey(e.getKey()), e.getValue().length, AT))
            .toList()
            .iterator();
    return new ObjectListing() {
      @Override
      public boolean hasNext() {
        return infos.hasNext();
      }

      @Override
      public ObjectInfo next() {
        return infos.next();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    keys.forEach(key -> objects.remove(key.value()));
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Keys of segments or snapshots, ascending. */
  public List<String> keys(String kind) {
    return objects.keySet().stream().filter(key -> key.contains("/" + kind + "/")).toList();
  }

  private synchronized void requireUp() throws ReplicaException {
    if (readsUntilDown <= 0) {
      throw new ReplicaException(Reason.UNAVAILABLE, "the store cannot be reached");
    }
    readsUntilDown--;
  }

  private static final class BreakingStream extends FilterInputStream {

    private int left;

    BreakingStream(InputStream in, int left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        throw new IOException("connection reset");
      }
      int read = super.read(target, offset, Math.min(length, left));
      left -= Math.max(read, 0);
      return read;
    }
  }
}
