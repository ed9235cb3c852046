package dev.stream.core.chain;

import java.time.Instant;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a restore of a generation's newest state would read: its newest snapshot, and of the
 * segments after it the widest ones. Whatever is told twice, or in another order, counts the same.
 * For use by one thread at a time.
 *
 * <p>Beside {@link CheapestPaths} since it answers after every segment that is sealed, in a time
 * that hardly grows with their number, and from parts of listings that may not join.
 */
public final class RestoreReading {

  private record Segment(long lastTxId, long bytes) {}

  /** By first transaction; none covers another, so the last transactions ascend as well. */
  private final NavigableMap<Long, Segment> segments = new TreeMap<>();

  private long segmentBytes;
  private long snapshotTxId = -1;
  private long snapshotBytes;
  private @Nullable Instant snapshotAt;

  /**
   * There is a snapshot; one that is older than another changes nothing.
   *
   * @param at when it was taken, at the latest
   */
  public void snapshot(long txId, long bytes, Instant at) {
    if (snapshotAt != null && txId <= snapshotTxId) {
      return;
    }
    snapshotTxId = txId;
    snapshotBytes = bytes;
    snapshotAt = at;
    Iterator<Segment> older = segments.values().iterator();
    while (older.hasNext()) {
      Segment segment = older.next();
      if (segment.lastTxId() > txId) {
        return;
      }
      segmentBytes -= segment.bytes();
      older.remove();
    }
  }

  /** There is a segment, which takes the place of those that it covers. */
  public void segment(long firstTxId, long lastTxId, long bytes) {
    var before = segments.floorEntry(firstTxId);
    if (lastTxId <= snapshotTxId || (before != null && before.getValue().lastTxId() >= lastTxId)) {
      return;
    }
    Iterator<Segment> covered = segments.tailMap(firstTxId, true).values().iterator();
    while (covered.hasNext()) {
      Segment segment = covered.next();
      if (segment.lastTxId() > lastTxId) {
        break;
      }
      segmentBytes -= segment.bytes();
      covered.remove();
    }
    segments.put(firstTxId, new Segment(lastTxId, bytes));
    segmentBytes += bytes;
  }

  /**
   * The clock shows this: what lies in its future was told by another one, or before it was set.
   */
  public void clockShows(Instant now) {
    if (snapshotAt != null && snapshotAt.isAfter(now)) {
      snapshotAt = now;
    }
  }

  /** When the newest snapshot was taken; null if none is known. */
  public @Nullable Instant snapshotAt() {
    return snapshotAt;
  }

  /** Length of the newest snapshot. */
  public long snapshotBytes() {
    return snapshotBytes;
  }

  /** How many segments follow it. */
  public int segments() {
    return segments.size();
  }

  /** Their length. */
  public long segmentBytes() {
    return segmentBytes;
  }
}
