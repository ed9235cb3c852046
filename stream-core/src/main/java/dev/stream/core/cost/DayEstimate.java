package dev.stream.core.cost;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.schedule.ListingRule;
import dev.stream.core.schedule.ListingRule.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Infers from a listing what was asked of the replica within the last day. What was stored and is
 * still there is counted. Captured segments go soon after they were merged: a merged one tells how
 * many there may have been, one for each transaction, and at most one for each {@code syncInterval}
 * of its time. Of snapshots only those count that are left. The looks before a store follow from
 * the times by {@link ListingRule}.
 */
public final class DayEstimate {

  private static final Duration DAY = Duration.ofDays(1);
  private static final int OBJECTS_PER_REQUEST = 1000;

  private final Instant from;
  private final Instant now;
  private final Duration syncInterval;
  private final List<Duration> levels;
  private final LongStream.Builder times = LongStream.builder();
  private long puts;
  private long inferred;
  private long bytesUp;

  private DayEstimate(Instant now, Duration syncInterval, List<Duration> levels) {
    this.from = now.minus(DAY);
    this.now = now;
    this.syncInterval = syncInterval;
    this.levels = levels;
  }

  /**
   * Infers.
   *
   * @param syncInterval how often segments are captured
   * @param levels the widths of merged segments, ascending
   * @param checkInterval how often retention looks after the replica
   * @param now the time by the store's clock
   */
  public static DayOfReplication of(
      ArchiveListing listing,
      Duration syncInterval,
      List<Duration> levels,
      Duration checkInterval,
      Instant now) {
    DayEstimate estimate = new DayEstimate(now, syncInterval, levels);
    long objects = 1; // the mark
    for (GenerationListing generation : listing.generations()) {
      estimate.count(generation);
      objects += generation.snapshots().size() + generation.segments().size();
    }
    return estimate.result(
        checkInterval, (objects + OBJECTS_PER_REQUEST - 1) / OBJECTS_PER_REQUEST);
  }

  private boolean isRecent(ArtefactDescriptor artefact) {
    return artefact.storedAt().isAfter(from) && !artefact.storedAt().isAfter(now);
  }

  private void count(GenerationListing generation) {
    for (ArtefactDescriptor artefact : generation.artefacts()) {
      if (isRecent(artefact)) {
        puts++;
        bytesUp += artefact.size();
        times.add(artefact.storedAt().toEpochMilli());
      }
    }
    List<SegmentDescriptor> segments = generation.segments();
    double usual =
        segments.stream()
            .filter(one -> one.level() == 0)
            .mapToLong(SegmentDescriptor::size)
            .average()
            .orElse(0);
    for (SegmentDescriptor segment : segments) {
      if (segment.level() > 0 && isRecent(segment) && !hasNarrower(segments, segment)) {
        infer(segment, usual);
      }
    }
  }

  /** Whether a segment of a lower level begins within one. */
  private static boolean hasNarrower(List<SegmentDescriptor> segments, SegmentDescriptor wide) {
    for (int i = GenerationListing.firstFrom(segments, wide.firstTxId());
        i < segments.size() && segments.get(i).firstTxId() <= wide.lastTxId();
        i++) {
      if (segments.get(i).level() < wide.level()) {
        return true;
      }
    }
    return false;
  }

  private void infer(SegmentDescriptor merged, double usualSize) {
    int level = Math.min(merged.level(), levels.size());
    Duration width = level == 0 ? syncInterval : levels.get(level - 1);
    long atMost = Math.max(1, width.toMillis() / Math.max(1, syncInterval.toMillis()));
    long captured = Math.min(merged.lastTxId() - merged.parentTxId(), atMost);
    puts += captured;
    inferred += captured;
    bytesUp += Math.max(merged.size(), Math.round(captured * usualSize));
    long end = merged.storedAt().toEpochMilli();
    for (long i = 0; i < captured; i++) {
      times.add(end - width.toMillis() * (captured - i) / captured);
    }
  }

  private DayOfReplication result(Duration checkInterval, long pages) {
    long[] sorted = times.build().sorted().toArray();
    long checks = checks(sorted, checkInterval);
    Looks looks = looks(sorted, checkInterval.toMillis());
    long listings = Math.max(1, looks.listings());
    return new DayOfReplication(
        puts,
        inferred,
        bytesUp,
        listings,
        listings * pages,
        looks.reads() + 2 * listings, // with a listing, the mark and the line
        puts == 0 ? 0 : Math.max(checks, puts / OBJECTS_PER_REQUEST));
  }

  private record Looks(long reads, long listings) {}

  private static Looks looks(long[] sorted, long checkMillis) {
    long reads = 0;
    long listings = 0;
    long heardAt = Long.MIN_VALUE / 4;
    long lookedAt = heardAt;
    long listedAt = heardAt;
    for (long time : sorted) {
      boolean check = Math.floorDiv(time, checkMillis) != Math.floorDiv(heardAt, checkMillis);
      Look look =
          ListingRule.beforeStoring(
              Duration.ofMillis(time - heardAt),
              Duration.ofMillis(time - lookedAt),
              Duration.ofMillis(time - listedAt));
      if (check || look == Look.WHOLE) {
        listings++;
        listedAt = time;
        lookedAt = time;
      } else if (look == Look.LINE) {
        reads++;
        lookedAt = time;
      }
      heardAt = time;
    }
    return new Looks(reads, listings);
  }

  /** In how many intervals something was stored. */
  private static long checks(long[] sorted, Duration checkInterval) {
    return Arrays.stream(sorted).map(time -> time / checkInterval.toMillis()).distinct().count();
  }
}
