package dev.stream.core.upload;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The states that segments of one generation lead to, from state to state. Segments of several
 * levels lie within each other and never overlap otherwise, so the widest one from a state that
 * goes no further than wanted is always a good choice. Not thread-safe.
 */
final class SegmentChain {

  private record Reach(int level, long lastTxId) {}

  private final Map<Long, Set<Reach>> byFirstTxId = new HashMap<>();

  void add(int level, long firstTxId, long lastTxId) {
    boolean ignored =
        byFirstTxId
            .computeIfAbsent(firstTxId, first -> new HashSet<>())
            .add(new Reach(level, lastTxId));
  }

  /**
   * Whether segments below {@code level} lead from the state before {@code first} to {@code last}.
   */
  boolean leads(int level, long first, long last) {
    long at = first;
    while (at <= last) {
      long next = -1;
      for (Reach segment : byFirstTxId.getOrDefault(at, Set.of())) {
        if (segment.level() < level && segment.lastTxId() <= last) {
          next = Math.max(next, segment.lastTxId());
        }
      }
      if (next < 0) {
        return false;
      }
      at = next + 1;
    }
    return true;
  }

  /**
   * The merged segments that say nothing but what narrower ones say too.
   *
   * @param artefacts those in question, which count among the narrower ones too
   * @param others segments beside them
   */
  static Set<ObjectKey> spare(
      Collection<SealedArtefact> artefacts, Collection<SegmentDescriptor> others) {
    Map<GenerationId, SegmentChain> chains = new HashMap<>();
    for (SegmentDescriptor other : others) {
      chains
          .computeIfAbsent(other.generation(), id -> new SegmentChain())
          .add(other.level(), other.firstTxId(), other.lastTxId());
    }
    for (SealedArtefact artefact : artefacts) {
      if (!artefact.snapshot()) {
        chains
            .computeIfAbsent(artefact.generation(), id -> new SegmentChain())
            .add(artefact.level(), artefact.firstTxId(), artefact.lastTxId());
      }
    }
    Set<ObjectKey> spare = new HashSet<>();
    for (SealedArtefact artefact : artefacts) {
      SegmentChain chain = chains.get(artefact.generation());
      if (!artefact.snapshot()
          && chain != null
          && chain.leads(artefact.level(), artefact.firstTxId(), artefact.lastTxId())) {
        spare.add(artefact.key());
      }
    }
    return spare;
  }
}
