package dev.stream.cli.check;

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
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;

/** A replica in memory that allows what it is told to allow; safe for several threads. */
final class StrictReplica implements Replica {

  /** What can be refused. */
  enum Right {
    PUT,
    OPEN,
    LIST,
    DELETE,
    WARN
  }

  private static final int LARGE = 1 << 20;

  final NavigableMap<ObjectKey, byte[]> objects = new ConcurrentSkipListMap<>();
  private final Map<Right, Reason> refused = new EnumMap<>(Right.class);
  private final CountDownLatch never = new CountDownLatch(1);
  private boolean hanging;
  private boolean hangingOnLarge;
  private boolean spoilingLarge;

  StrictReplica refuse(Reason reason, Right... rights) {
    for (Right right : rights) {
      refused.put(right, reason);
    }
    return this;
  }

  /** What the store says of how it is set up. */
  List<String> warnings = List.of();

  @Override
  public List<String> warnings() throws IOException {
    use(Right.WARN);
    return warnings;
  }

  /** Puts get no answer. */
  StrictReplica hang() {
    hanging = true;
    return this;
  }

  /** Puts of large objects get no answer. */
  StrictReplica hangOnLarge() {
    hangingOnLarge = true;
    return this;
  }

  /** Large objects come back cut short. */
  StrictReplica spoilLarge() {
    spoilingLarge = true;
    return this;
  }

  private void use(Right right) throws IOException {
    Reason reason = refused.get(right);
    if (reason != null) {
      throw new ReplicaException(reason, right + " says no");
    }
  }

  @Override
  public String name() {
    return "strict:";
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    use(Right.PUT);
    if (hanging || (hangingOnLarge && body.size() > LARGE)) {
      try {
        never.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    try (InputStream stream = body.open()) {
      byte[] bytes = stream.readAllBytes();
      boolean spoilt = spoilingLarge && bytes.length > LARGE;
      objects.put(key, spoilt ? Arrays.copyOf(bytes, LARGE) : bytes);
    }
    return new ObjectInfo(key, body.size(), Instant.EPOCH);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    use(Right.OPEN);
    byte[] bytes = objects.get(key);
    if (bytes == null) {
      throw new ReplicaException(Reason.NOT_FOUND, "no object " + key);
    }
    return new ByteArrayInputStream(
        bytes, (int) offset, (int) Math.min(length, bytes.length - offset));
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    use(Right.LIST);
    List<ObjectInfo> found =
        objects.entrySet().stream()
            .filter(entry -> entry.getKey().value().startsWith(prefix))
            .map(entry -> new ObjectInfo(entry.getKey(), entry.getValue().length, Instant.EPOCH))
            .toList();
    return new Listing(found.iterator());
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    use(Right.DELETE);
    keys.forEach(objects::remove);
  }

  @Override
  public void close() {}

  private record Listing(Iterator<ObjectInfo> objects) implements ObjectListing {

    @Override
    public boolean hasNext() {
      return objects.hasNext();
    }

    @Override
    public ObjectInfo next() {
      return objects.next();
    }

    @Override
    public void close() {}
  }
}
