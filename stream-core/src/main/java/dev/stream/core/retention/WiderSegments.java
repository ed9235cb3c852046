package dev.stream.core.retention;

import dev.stream.core.archive.SegmentDescriptor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the segment of a higher level that has all transactions of a given one. */
final class WiderSegments {

  /** By level, by first transaction: the one that reaches farthest. */
  private final TreeMap<Integer, TreeMap<Long, SegmentDescriptor>> levels = new TreeMap<>();

  WiderSegments(List<SegmentDescriptor> segments) {
    for (SegmentDescriptor segment : segments) {
      levels
          .computeIfAbsent(segment.level(), level -> new TreeMap<>())
          .merge(
              segment.firstTxId(),
              segment,
              (one, other) -> one.lastTxId() >= other.lastTxId() ? one : other);
    }
  }

  /** The one of the least level; null if there is none. */
  @Nullable SegmentDescriptor over(SegmentDescriptor segment) {
    for (TreeMap<Long, SegmentDescriptor> level : levels.tailMap(segment.level(), false).values()) {
      Map.Entry<Long, SegmentDescriptor> begins = level.floorEntry(segment.firstTxId());
      if (begins != null && begins.getValue().lastTxId() >= segment.lastTxId()) {
        return begins.getValue();
      }
    }
    return null;
  }
}
