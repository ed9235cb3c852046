package dev.stream.testkit.replica;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts operations. Thread-safe. */
final class OperationCounts {

  /** An operation that may fail. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  private final Map<Operation, Integer> asked = new EnumMap<>(Operation.class);
  private final Map<Operation, Integer> failed = new EnumMap<>(Operation.class);
  private final List<ObjectKey> stored = new ArrayList<>();
  private long storedBytes;

  <T> T count(Operation operation, Attempt<T> attempt) throws IOException {
    add(asked, operation);
    try {
      return attempt.run();
    } catch (IOException | RuntimeException e) {
      add(failed, operation);
      throw e;
    }
  }

  synchronized void stored(ObjectInfo info) {
    stored.add(info.key());
    storedBytes += info.size();
  }

  synchronized int asked(Operation operation) {
    return asked.getOrDefault(operation, 0);
  }

  synchronized int failed(Operation operation) {
    return failed.getOrDefault(operation, 0);
  }

  synchronized List<ObjectKey> stored() {
    return List.copyOf(stored);
  }

  synchronized long storedBytes() {
    return storedBytes;
  }

  private synchronized void add(Map<Operation, Integer> counts, Operation operation) {
    counts.merge(operation, 1, Integer::sum);
  }
}
