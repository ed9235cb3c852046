package dev.stream.core.archive;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the segment of a higher level that has all transactions of a given one, in a time that
 * hardly grows with their number. Safe for use by several threads.
 */
public final class WiderSegments {

  /** By level, by first transaction: the one that reaches farthest. */
  private final TreeMap<Integer, TreeMap<Long, SegmentDescriptor>> levels = new TreeMap<>();

  /** Those among the segments of one generation. */
  public WiderSegments(List<SegmentDescriptor> segments) {
    for (SegmentDescriptor segment : segments) {
      levels
          .computeIfAbsent(segment.level(), level -> new TreeMap<>())
          .merge(
              segment.firstTxId(),
              segment,
              (one, other) -> one.lastTxId() >= other.lastTxId() ? one : other);
    }
  }

  /**
   * The one of the least level above {@code level} that has these transactions; null if there is
   * none.
   */
  public @Nullable SegmentDescriptor over(int level, long firstTxId, long lastTxId) {
    for (TreeMap<Long, SegmentDescriptor> wider : levels.tailMap(level, false).values()) {
      Map.Entry<Long, SegmentDescriptor> begins = wider.floorEntry(firstTxId);
      if (begins != null && begins.getValue().lastTxId() >= lastTxId) {
        return begins.getValue();
      }
    }
    return null;
  }
}
