package dev.stream.core.chain;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Finds out which merged segments of one generation say nothing but what narrower ones say too.
 * Immutable, thread-safe.
 */
public final class NarrowerSegments {

  private final List<SegmentDescriptor> segments;

  /** Those among the segments of a generation. */
  public NarrowerSegments(GenerationListing generation) {
    this.segments = generation.segments();
  }

  /**
   * Whether segments of lower levels lead from the state on which a segment builds to the one that
   * it yields.
   */
  public boolean replace(SegmentDescriptor wide) {
    if (wide.level() == 0) {
      return false;
    }
    List<SegmentDescriptor> narrower =
        segments
            .subList(
                GenerationListing.firstFrom(segments, wide.firstTxId()),
                GenerationListing.firstFrom(segments, wide.lastTxId() + 1))
            .stream()
            .filter(one -> one.level() < wide.level() && one.lastTxId() <= wide.lastTxId())
            .toList();
    CheapestPaths paths =
        new CheapestPaths(
            StateSet.of(
                LongStream.concat(
                    LongStream.of(wide.parentTxId()),
                    narrower.stream().mapToLong(SegmentDescriptor::lastTxId))));
    paths.beginAt(wide.parentTxId());
    narrower.forEach(one -> paths.add(one, 1));
    return paths.reaches(wide.lastTxId());
  }
}
