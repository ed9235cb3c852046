package dev.stream.core.upload;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.shadow.SealedArtefact;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Snapshots that wait for one replica: of each generation the newest. Not thread-safe. */
final class SnapshotQueue {

  private final TreeMap<ObjectKey, SealedArtefact> snapshots = new TreeMap<>();

  /**
   * Adds a snapshot, unless there is a newer one, in place of older ones.
   *
   * @param idle which of them are not being uploaded
   */
  void add(SealedArtefact snapshot, Predicate<SealedArtefact> idle) {
    Predicate<SealedArtefact> same = other -> other.generation().equals(snapshot.generation());
    boolean newest =
        snapshots.values().stream()
            .noneMatch(other -> same.test(other) && other.lastTxId() > snapshot.lastTxId());
    if (newest) {
      removeIf(same.and(idle));
      snapshots.put(snapshot.key(), snapshot);
    }
  }

  void remove(ObjectKey key) {
    snapshots.remove(key);
  }

  void removeIf(Predicate<SealedArtefact> condition) {
    boolean ignored = snapshots.values().removeIf(condition);
  }

  boolean contains(ObjectKey key) {
    return snapshots.containsKey(key);
  }

  boolean isEmpty() {
    return snapshots.isEmpty();
  }

  /** The newest of the newest generation that fulfils a condition; null if there is none. */
  @Nullable SealedArtefact newest(Predicate<SealedArtefact> condition) {
    return snapshots.descendingMap().values().stream().filter(condition).findFirst().orElse(null);
  }

  List<SealedArtefact> all() {
    return new ArrayList<>(snapshots.values());
  }
}
