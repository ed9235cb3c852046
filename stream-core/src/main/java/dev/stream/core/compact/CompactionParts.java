package dev.stream.core.compact;

import dev.stream.core.shadow.SealedArtefact;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The segments of one generation that may yet be merged, and its cuts. Not thread-safe. */
final class CompactionParts {

  private static final Comparator<SealedArtefact> ORDER =
      Comparator.comparingLong(SealedArtefact::firstTxId).thenComparing(SealedArtefact::key);

  private final NavigableSet<SealedArtefact> segments = new TreeSet<>(ORDER);
  private final NavigableSet<Long> cuts = new TreeSet<>();
  private long lastTxId = -1;

  void add(SealedArtefact segment) {
    boolean ignored = segments.add(segment);
    lastTxId = Math.max(lastTxId, segment.lastTxId());
  }

  void cut(long txId) {
    cuts.add(txId);
  }

  boolean has(SealedArtefact segment) {
    return segments.contains(segment);
  }

  /** All segments, oldest first. */
  List<SealedArtefact> all() {
    return List.copyOf(segments);
  }

  NavigableSet<Long> cuts() {
    return cuts;
  }

  /** Whether any of them was there. */
  boolean removeAll(Collection<SealedArtefact> parts) {
    int before = segments.size();
    parts.forEach(segments::remove);
    return segments.size() < before;
  }

  /** Lets go of the oldest; returns how many bytes that makes. */
  long giveUp(long bytes, Predicate<SealedArtefact> spared) {
    long given = 0;
    for (Iterator<SealedArtefact> each = segments.iterator(); each.hasNext() && given < bytes; ) {
      SealedArtefact segment = each.next();
      if (!spared.test(segment)) {
        given += segment.size();
        each.remove();
      }
    }
    return given;
  }

  /** The first cut that can matter: the state on which the oldest segment builds, or a next one. */
  long firstCut() {
    return segments.isEmpty() ? lastTxId : segments.first().firstTxId() - 1;
  }

  /** Forgets the cuts before one; returns whether there were any. */
  boolean forgetCuts(long before) {
    NavigableSet<Long> past = cuts.headSet(before, false);
    boolean any = !past.isEmpty();
    past.clear();
    return any;
  }
}
