package dev.stream.core.capture;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a source last looked for commits, if it is one that has to look, and whether it still does.
 * A source that hangs reports nothing; what is committed meanwhile is protected by nobody. Safe for
 * use by several threads.
 */
public final class SourcePolling {

  /**
   * A source looks every five seconds at least, and may have to wait, for a lock or a slow disk.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Clock clock;
  private volatile @Nullable Instant last;
  private volatile @Nullable Instant putOffSince;
  private volatile @Nullable Instant endedAt;

  public SourcePolling(Clock clock) {
    this.clock = clock;
  }

  /** All that was committed before is captured. */
  public void looked() {
    last = clock.instant();
    putOffSince = null;
  }

  /** There are commits that are not captured yet, as was agreed. */
  public void putOff() {
    Instant now = clock.instant();
    last = now;
    if (putOffSince == null) {
      putOffSince = now;
    }
  }

  /** What was seen until now is captured. */
  public void delivered() {
    putOffSince = null;
  }

  /** Nobody looks any more. */
  public void ended() {
    if (endedAt == null) {
      endedAt = clock.instant();
    }
  }

  /**
   * Since when commits may have gone uncaptured; null if all that were looked for are.
   *
   * @param troubleSince since when capture is interrupted; null if it is not
   */
  public @Nullable Instant uncapturedSince(@Nullable Instant troubleSince) {
    Instant since = troubleSince == null ? endedAt : troubleSince;
    Instant looked = last;
    if (looked == null) {
      return since;
    }
    if (since != null) {
      Instant oldest = Objects.requireNonNullElse(putOffSince, looked);
      return oldest.isBefore(since) ? oldest : since;
    }
    Instant oldest = putOffSince;
    if (oldest != null) {
      return oldest;
    }
    return Duration.between(looked, clock.instant()).compareTo(PATIENCE) > 0 ? looked : null;
  }
}
