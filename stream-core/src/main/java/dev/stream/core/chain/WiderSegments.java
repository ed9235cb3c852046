package dev.stream.core.chain;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the segment of a higher level that has all transactions of a given one, in a time that
 * hardly grows with their number. Safe for use by several threads.
 */
public final class WiderSegments {

  /**
   * By level: ascending by first transaction, of those with the same the one that reaches farthest.
   */
  private final TreeMap<Integer, List<SegmentDescriptor>> levels = new TreeMap<>();

  /**
   * Those among the segments of one generation.
   *
   * @param segments ascending by first transaction, as a {@link GenerationListing} has them
   */
  public WiderSegments(List<SegmentDescriptor> segments) {
    for (SegmentDescriptor segment : segments) {
      List<SegmentDescriptor> level =
          levels.computeIfAbsent(segment.level(), key -> new ArrayList<>());
      SegmentDescriptor last = level.isEmpty() ? null : level.get(level.size() - 1);
      if (last == null || last.firstTxId() < segment.firstTxId()) {
        level.add(segment);
      } else if (last.lastTxId() < segment.lastTxId()) {
        level.set(level.size() - 1, segment);
      }
    }
  }

  /**
   * The one of the least level above {@code level} that has these transactions; null if there is
   * none.
   */
  public @Nullable SegmentDescriptor over(int level, long firstTxId, long lastTxId) {
    for (List<SegmentDescriptor> wider : levels.tailMap(level, false).values()) {
      int begins = GenerationListing.firstFrom(wider, firstTxId + 1) - 1;
      if (begins >= 0 && wider.get(begins).lastTxId() >= lastTxId) {
        return wider.get(begins);
      }
    }
    return null;
  }
}
