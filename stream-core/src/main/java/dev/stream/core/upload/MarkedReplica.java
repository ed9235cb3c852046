package dev.stream.core.upload;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica that is marked by a small object at its first use, and known by it from then on. A
 * place that lacks the mark, or has another, is not the replica: a file system that is not mounted,
 * another bucket, or a replica that somebody emptied. It counts as unavailable, never as one that
 * holds nothing, until it is back or an operator accepts it as it is. Thread-safe.
 */
public final class MarkedReplica implements Replica {

  /** The mark; none of an archive's keys. */
  public static final ObjectKey KEY = new ObjectKey("stream-replica");

  private static final Logger LOG = LoggerFactory.getLogger(MarkedReplica.class);
  private static final Pattern IDENTITY = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"");
  private static final int LONGEST = 4096;

  /** Between looks, also while nothing is stored, where a look costs nothing. */
  private static final long LOCAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Between looks while objects are stored, where a look is a request. */
  private static final long REMOTE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final Replica replica;
  private final String name;
  private final ReplicaMemory memory;
  private final boolean local;
  private final LongSupplier nanoTime;
  private boolean marked;
  private volatile long lookedAt;

  /**
   * Of a replica; {@link #close} closes that.
   *
   * @param name its name in the configuration
   * @param local whether a look costs next to nothing, so that one is worth it also when idle
   */
  public MarkedReplica(Replica replica, String name, ShadowDirectory shadow, boolean local) {
    this(replica, name, shadow, local, System::nanoTime);
  }

  MarkedReplica(
      Replica replica, String name, ShadowDirectory shadow, boolean local, LongSupplier nanoTime) {
    this.replica = replica;
    this.name = name;
    this.memory = new ReplicaMemory(shadow, name);
    this.local = local;
    this.nanoTime = nanoTime;
    this.lookedAt = nanoTime.getAsLong();
  }

  /** Whether it is time to look whether it still is there, though nothing is stored. */
  public boolean isLookDue() {
    return local && nanoTime.getAsLong() - lookedAt >= LOCAL_NANOS;
  }

  /** Something was found there that only this place has. */
  void seen() {
    lookedAt = nanoTime.getAsLong();
  }

  /**
   * Sees whether this is the place that it was.
   *
   * @param storing whether to mark a place that is used for the first time
   */
  private synchronized void look(boolean storing) throws IOException {
    String found = identity();
    String place = replica.name(); // only now it is opened, and knows
    String known = memory.identity(place);
    if (found != null) {
      if (known != null && !known.equals(found) && !memory.takeAccepted()) {
        throw elsewhere(
            "is another place than before: its identity is " + found + ", not " + known);
      }
      if (!found.equals(known)) {
        memory.remember(found, place);
      }
      marked = true;
    } else {
      unmarked(known, place, storing);
    }
    lookedAt = nanoTime.getAsLong();
  }

  private void unmarked(@Nullable String known, String place, boolean storing) throws IOException {
    marked = false;
    if (known != null) {
      if (!memory.takeAccepted()) {
        throw elsewhere("has no longer the mark of this replica, whose identity is " + known);
      }
      memory.forget(); // from now on it is a place that is used for the first time
    }
    if (storing) {
      String identity = UUID.randomUUID().toString();
      mark(identity);
      memory.remember(identity, place);
      marked = true;
    }
  }

  private ReplicaException elsewhere(String what) {
    lookedAt = nanoTime.getAsLong();
    return new ReplicaException(
        Reason.UNAVAILABLE,
        replica.name()
            + " "
            + what
            + ". Is a file system not mounted, or another one, or was it emptied? Nothing is stored"
            + " there. Make it what it was, and Stream goes on by itself; if it is to be used as it"
            + " is, create the empty file "
            + memory.acceptFile());
  }

  /** The identity that is stored there; null if there is none. */
  private @Nullable String identity() throws IOException {
    try (InputStream stream = replica.open(KEY, 0, LONGEST)) {
      String text = new String(stream.readNBytes(LONGEST), StandardCharsets.UTF_8);
      Matcher identity = IDENTITY.matcher(text);
      if (identity.find()) {
        return identity.group(1);
      }
      throw new ReplicaException(
          Reason.REJECTED,
          replica.name() + " has an object " + KEY + " that is no mark of a replica; remove it");
    } catch (ReplicaException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private void mark(String identity) throws IOException {
    String text = "{\"stream\": \"replica\", \"id\": \"" + identity + "\"}\n";
    ObjectInfo unused = replica.put(KEY, ObjectBody.of(text.getBytes(StandardCharsets.UTF_8)));
    LOG.info("replica {}: {} is marked with the identity {}", name, replica.name(), identity);
  }

  private synchronized boolean isKnown() {
    long interval = local ? LOCAL_NANOS : REMOTE_NANOS;
    return marked && nanoTime.getAsLong() - lookedAt < interval;
  }

  @Override
  public String name() {
    return replica.name();
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    if (!isKnown()) {
      look(true);
    }
    return replica.put(key, body);
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    if (!isKnown()) {
      look(true);
    }
    return replica.create(key, body);
  }

  @Override
  public boolean createsExclusively() {
    return replica.createsExclusively();
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    return replica.open(key, offset, length);
  }

  /** Looks first, if everything is asked for: who decides by that must not take it for empty. */
  @Override
  public ObjectListing list(String prefix) throws IOException {
    if (prefix.isEmpty()) {
      look(false);
    }
    return replica.list(prefix);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    replica.delete(keys);
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
