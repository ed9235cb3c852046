package dev.stream.core.snapshot;

import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.chain.RestoreReading;
import dev.stream.core.schedule.SnapshotRule;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the current generation's next snapshot is due: after the configured time, or when one pays.
 * For use with the lock of the snapshot loop held.
 *
 * <p>A process that goes on with a generation does not know what its snapshot costs, nor its
 * segments, before a replica has been listed.
 */
public final class SnapshotDue {

  /** Nothing becomes due by the passing of time. */
  static final long NEVER = Long.MAX_VALUE;

  private final @Nullable Duration interval;
  private final SnapshotRule rule;
  private final Clock clock;
  private @Nullable GenerationId generation;
  private RestoreReading reading = new RestoreReading();
  private long notBefore; // of System.nanoTime

  /**
   * None is due yet.
   *
   * @param interval the configured time between snapshots; null if they go when they pay
   * @param rule when one pays
   */
  public SnapshotDue(@Nullable Duration interval, SnapshotRule rule, Clock clock) {
    this.interval = interval;
    this.rule = rule;
    this.clock = clock;
    attempted();
  }

  /** A generation begins, or goes on. */
  void began(GenerationId current) {
    if (!current.equals(generation)) {
      generation = current;
      reading = new RestoreReading();
    }
    attempted();
  }

  /** A snapshot was tried. */
  void attempted() {
    notBefore = System.nanoTime() + (interval == null ? 0 : interval.toNanos());
  }

  /** One is due, and nothing was committed of which it could be taken. */
  void nothingNew() {
    Duration pause = interval != null ? interval : rule.floor();
    notBefore = System.nanoTime() + pause.toNanos();
  }

  /** An artefact is in the shadow directory. */
  void sealed(SealedArtefact artefact) {
    if (!artefact.generation().equals(generation)) {
      return;
    }
    if (artefact.snapshot()) {
      reading.snapshot(artefact.lastTxId(), artefact.size(), clock.instant());
    } else {
      reading.segment(artefact.firstTxId(), artefact.lastTxId(), artefact.size());
    }
  }

  /** A replica has this of the current generation. */
  void listed(GenerationListing there) {
    if (!there.id().equals(generation)) {
      return;
    }
    for (SnapshotDescriptor snapshot : there.snapshots()) {
      reading.snapshot(snapshot.txId(), snapshot.size(), snapshot.storedAt());
    }
    for (SegmentDescriptor segment : there.segments()) {
      reading.segment(segment.firstTxId(), segment.lastTxId(), segment.size());
    }
  }

  /** Nanoseconds until one is due, not positive if one is; {@link #NEVER} if only more can tell. */
  long nanosLeft() {
    long pause = notBefore - System.nanoTime();
    if (interval != null) {
      return pause;
    }
    Instant now = clock.instant();
    Instant at = rule.dueAt(reading, now);
    if (at == null) {
      return NEVER;
    }
    return Math.max(pause, Duration.between(now, at).toNanos());
  }
}
