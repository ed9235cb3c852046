package dev.stream.core.follow;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.CheapestPaths;
import dev.stream.core.chain.StateSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.LongStream;

/** Decides how a copy gets on: a pure function of its position and a listing. */
final class FollowPlanner {

  private FollowPlanner() {}

  /** How a copy gets on. */
  sealed interface NextStep {

    /** The state it leads to; one that sorts after another is newer. */
    String destination();

    /** There is nothing newer here. */
    record Stay(String destination) implements NextStep {}

    /**
     * By segments.
     *
     * @param segments at least one; the first may begin before the copy's state
     */
    record Advance(List<SegmentDescriptor> segments, String destination) implements NextStep {}

    /**
     * Only from a snapshot.
     *
     * @param reason why, a clause
     * @param certain whether waiting cannot help; a snapshot may come before the segments that lead
     *     to it
     */
    record Reseed(String reason, boolean certain, String destination) implements NextStep {}
  }

  /** The way from a position, without artefacts that cannot be used. */
  static NextStep plan(ArchiveListing listing, CopyPosition at, Set<ObjectKey> unusable) {
    GenerationListing own = null;
    GenerationListing newer = null;
    for (GenerationListing generation : listing.generations()) {
      int order = generation.id().compareTo(at.generation());
      if (order == 0) {
        own = generation;
      } else if (order > 0 && newestSnapshot(generation) >= 0) {
        newer = generation;
      }
    }
    if (newer != null) {
      return new NextStep.Reseed(
          "generation " + newer.id() + " has begun",
          true,
          destination(newer.id().value(), newer.newestTxId().orElse(0)));
    }
    if (own == null) {
      return new NextStep.Stay("");
    }
    return plan(own, at, unusable);
  }

  private static NextStep plan(GenerationListing own, CopyPosition at, Set<ObjectKey> unusable) {
    String generation = own.id().value();
    List<SegmentDescriptor> segments = segments(own, at.txId(), unusable);
    if (!segments.isEmpty()) {
      long last = segments.get(segments.size() - 1).lastTxId();
      return new NextStep.Advance(segments, destination(generation, last));
    }
    long snapshot = newestSnapshot(own);
    if (snapshot <= at.txId()) {
      return new NextStep.Stay(destination(generation, at.txId()));
    }
    boolean gap = own.segments().stream().anyMatch(s -> s.parentTxId() > at.txId());
    return new NextStep.Reseed(
        "the segments after transaction " + at.txId() + " are gone or cannot be used",
        gap || own.segments().stream().anyMatch(s -> unusable.contains(s.key())),
        destination(generation, snapshot));
  }

  /** The fewest segments to the newest state that can be reached; none if there is none. */
  static List<SegmentDescriptor> segments(
      GenerationListing generation, long txId, Set<ObjectKey> unusable) {
    List<SegmentDescriptor> after =
        generation.segments().stream()
            .filter(one -> one.lastTxId() > txId && !unusable.contains(one.key()))
            .toList();
    CheapestPaths paths =
        new CheapestPaths(
            StateSet.of(
                LongStream.concat(
                    LongStream.of(txId), after.stream().mapToLong(SegmentDescriptor::lastTxId))));
    paths.beginAt(txId);
    after.forEach(segment -> paths.add(segment, Math.max(segment.parentTxId(), txId), 1));
    return paths.to(paths.reached().last()).stream().map(SegmentDescriptor.class::cast).toList();
  }

  private static long newestSnapshot(GenerationListing generation) {
    List<SnapshotDescriptor> snapshots = generation.snapshots();
    return snapshots.isEmpty() ? -1 : snapshots.get(snapshots.size() - 1).txId();
  }

  private static String destination(String generation, long txId) {
    return generation + String.format(Locale.ROOT, "/%016x", txId);
  }
}
