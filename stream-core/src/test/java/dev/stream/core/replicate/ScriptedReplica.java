package dev.stream.core.replicate;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.upload.WrittenGeneration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A replica in memory that fails as it is told. */
public final class ScriptedReplica implements Replica {

  /** When everything was stored, as this store has it. */
  volatile Instant storedAt = Instant.EPOCH;

  public final ConcurrentSkipListMap<ObjectKey, byte[]> objects = new ConcurrentSkipListMap<>();
  public final AtomicInteger listings = new AtomicInteger();
  public final AtomicInteger looks = new AtomicInteger(); // at who writes there
  final AtomicInteger attempts = new AtomicInteger();
  public volatile @Nullable Reason failure;
  public volatile @Nullable CountDownLatch stall;
  volatile boolean wiped;
  volatile boolean losesAnswers;
  public volatile Predicate<ObjectKey> refused = key -> false;
  final java.util.concurrent.locks.ReentrantReadWriteLock freeze =
      new java.util.concurrent.locks.ReentrantReadWriteLock();

  void wipe() {
    objects.clear();
    wiped = true;
  }

  private void act() throws IOException {
    CountDownLatch gate = stall;
    if (gate != null) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new ReplicaException(Reason.UNAVAILABLE, "interrupted");
      }
    }
    Reason reason = failure;
    if (reason != null) {
      throw new ReplicaException(reason, "scripted failure");
    }
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    if (objects.containsKey(key)) {
      attempts.incrementAndGet();
      act();
      throw new ReplicaException(Reason.CONFLICT, "there is one already");
    }
    return put(key, body);
  }

  @Override
  public boolean createsExclusively() {
    return true;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    attempts.incrementAndGet();
    act();
    if (refused.test(key)) {
      throw new ReplicaException(Reason.UNAVAILABLE, "scripted refusal");
    }
    if (wiped) {
      wiped = false;
      throw new ReplicaException(Reason.CONFLICT, "the store was emptied");
    }
    freeze.readLock().lock();
    try (InputStream in = body.open()) {
      objects.put(key, in.readAllBytes());
    } finally {
      freeze.readLock().unlock();
    }
    if (losesAnswers && attempts.get() % 2 == 1) {
      throw new ReplicaException(Reason.UNAVAILABLE, "the answer was lost");
    }
    return new ObjectInfo(key, body.size(), storedAt);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    byte[] stored = objects.get(key);
    if (key.equals(WrittenGeneration.KEY)) {
      looks.incrementAndGet();
      act();
    }
    if (stored == null) {
      throw new ReplicaException(Reason.NOT_FOUND, key + " is not there");
    }
    return new ByteArrayInputStream(stored, (int) offset, (int) length);
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    listings.incrementAndGet();
    act();
    Iterator<java.util.Map.Entry<ObjectKey, byte[]>> entries = objects.entrySet().iterator();
    return new ObjectListing() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public ObjectInfo next() {
        var entry = entries.next();
        return new ObjectInfo(entry.getKey(), entry.getValue().length, storedAt);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    keys.forEach(objects::remove);
  }

  @Override
  public void close() {}
}
