package dev.stream.core.upload;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.shadow.SealedArtefact;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Segments that wait for one replica, in the order of their transactions. Not thread-safe. */
final class UploadQueue {

  private static final Comparator<SealedArtefact> ORDER =
      Comparator.comparing(SealedArtefact::generation)
          .thenComparingLong(SealedArtefact::firstTxId)
          .thenComparing(SealedArtefact::key);

  private final NavigableSet<SealedArtefact> order = new TreeSet<>(ORDER);
  private final Map<ObjectKey, SealedArtefact> byKey = new HashMap<>();

  void add(SealedArtefact segment) {
    remove(segment.key());
    byKey.put(segment.key(), segment);
    boolean ignored = order.add(segment);
  }

  /** Whether it was there. */
  boolean remove(ObjectKey key) {
    SealedArtefact removed = byKey.remove(key);
    return removed != null && order.remove(removed);
  }

  void removeIf(Predicate<SealedArtefact> condition) {
    boolean ignored = order.removeIf(condition);
    byKey.values().removeIf(condition);
  }

  boolean contains(ObjectKey key) {
    return byKey.containsKey(key);
  }

  boolean isEmpty() {
    return order.isEmpty();
  }

  /** The oldest; null if there is none. */
  @Nullable SealedArtefact first() {
    return order.isEmpty() ? null : order.first();
  }

  /** All, oldest first. */
  Collection<SealedArtefact> all() {
    return Collections.unmodifiableCollection(order);
  }
}
