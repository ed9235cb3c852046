package dev.stream.core.shadow;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sealed artefacts in the shadow directory, and a snapshot that is sent without being there.
 * One that nobody needs any more is deleted, except the newest captured one, from which capture
 * resumes. Safe for use by several threads.
 */
public final class ShadowCatalog {

  private static final Logger LOG = LoggerFactory.getLogger(ShadowCatalog.class);

  private final ShadowDirectory directory;
  private final NavigableMap<ObjectKey, SealedArtefact> artefacts = new TreeMap<>();
  private final Set<ObjectKey> live = new HashSet<>(); // of these, those that are not stored here

  public ShadowCatalog(ShadowDirectory directory, Collection<SealedArtefact> found) {
    this.directory = directory;
    found.forEach(artefact -> artefacts.put(artefact.key(), artefact));
  }

  public synchronized void add(SealedArtefact artefact) {
    artefacts.put(artefact.key(), artefact);
  }

  /** A snapshot that can be had without being in the directory. */
  public synchronized void addLive(SealedArtefact snapshot) {
    live.add(snapshot.key());
    artefacts.put(snapshot.key(), snapshot);
  }

  /** It is in the directory now. */
  public synchronized void stored(SealedArtefact snapshot) {
    live.remove(snapshot.key());
    artefacts.put(snapshot.key(), snapshot);
  }

  /** It cannot be had any more; false if it is in the directory. */
  public synchronized boolean removeLive(SealedArtefact snapshot) {
    boolean was = live.remove(snapshot.key());
    if (was) {
      artefacts.remove(snapshot.key());
    }
    return was;
  }

  synchronized boolean contains(ObjectKey key) {
    return artefacts.containsKey(key);
  }

  /** All artefacts, ascending by key. */
  public synchronized List<SealedArtefact> all() {
    return List.copyOf(artefacts.values());
  }

  /** Length of all artefacts that are here. */
  public synchronized long bytes() {
    return bytes(artefact -> true);
  }

  /** Length of the artefacts that fulfil a condition. */
  public synchronized long bytes(Predicate<SealedArtefact> condition) {
    return artefacts.values().stream()
        .filter(artefact -> !live.contains(artefact.key()))
        .filter(condition)
        .mapToLong(SealedArtefact::size)
        .sum();
  }

  /** Length of all segments. */
  public synchronized long segmentBytes() {
    return bytes(artefact -> !artefact.snapshot());
  }

  /** The newest snapshot of a generation that is here. */
  public synchronized Optional<SealedArtefact> newestSnapshot(GenerationId generation) {
    return artefacts.values().stream()
        .filter(artefact -> artefact.snapshot() && artefact.generation().equals(generation))
        .max(Comparator.comparingLong(SealedArtefact::lastTxId));
  }

  /**
   * Deletes what is not needed. From the newest to the oldest, so that a crash half-way leaves what
   * a former moment had, not a chain with a hole.
   */
  public synchronized void prune(Predicate<SealedArtefact> needed) {
    Optional<SealedArtefact> newest =
        artefacts.values().stream()
            .filter(artefact -> !live.contains(artefact.key()))
            .max(
                Comparator.comparing(SealedArtefact::generation)
                    .thenComparingLong(SealedArtefact::lastTxId)
                    .thenComparing(artefact -> !artefact.snapshot())
                    .thenComparing(SealedArtefact::level, Comparator.reverseOrder()));
    List<SealedArtefact> all = new ArrayList<>(artefacts.values());
    all.sort(
        Comparator.comparing(SealedArtefact::generation)
            .thenComparingLong(SealedArtefact::lastTxId)
            .reversed());
    for (SealedArtefact artefact : all) {
      boolean here = !live.contains(artefact.key());
      if (here && !artefact.equals(newest.orElse(null)) && !needed.test(artefact)) {
        try {
          directory.delete(artefact.key());
          artefacts.remove(artefact.key());
        } catch (IOException e) {
          LOG.warn("{} could not be removed from the shadow directory: {}", artefact.key(), e);
        }
      }
    }
  }
}
