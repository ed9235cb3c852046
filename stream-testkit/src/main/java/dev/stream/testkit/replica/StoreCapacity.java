package dev.stream.testkit.replica;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.util.HashMap;
import java.util.Map;

/** Counts the bytes that objects take, and refuses what does not fit. Thread-safe. */
final class StoreCapacity {

  private final Map<ObjectKey, Long> stored = new HashMap<>();
  private final Map<ObjectKey, Long> reserved = new HashMap<>();
  private long limit = Long.MAX_VALUE;

  synchronized void limit(long bytes) {
    limit = bytes;
  }

  /** As in a real store the former object of the key counts until its successor is whole. */
  synchronized void reserve(ObjectKey key, long size) throws ReplicaException {
    long used = sum(stored) + sum(reserved);
    if (size > limit - used) {
      throw new ReplicaException(
          Reason.UNAVAILABLE,
          "told to be full: " + size + " bytes for " + key + ", " + (limit - used) + " free");
    }
    reserved.merge(key, size, Long::max);
  }

  synchronized void giveBack(ObjectKey key) {
    reserved.remove(key);
  }

  synchronized void confirm(ObjectKey key) {
    Long size = reserved.remove(key);
    if (size != null) {
      stored.put(key, size);
    }
  }

  synchronized void deleted(ObjectKey key) {
    stored.remove(key);
  }

  private static long sum(Map<ObjectKey, Long> sizes) {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
