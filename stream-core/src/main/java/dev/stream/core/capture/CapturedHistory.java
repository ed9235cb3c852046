package dev.stream.core.capture;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrames;
import dev.stream.core.shadow.ActiveLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.Doubt;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.PageSet;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.CatchUp;
import dev.stream.core.status.GenerationCause;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is captured: the last state, what is known of its pages, and the log to which it goes on.
 * The log comes first, then the state: if an append fails, nothing has changed. For use with
 * capture's lock held, but for what says otherwise.
 */
final class CapturedHistory {

  private static final Logger LOG = LoggerFactory.getLogger(CapturedHistory.class);
  private static final PageFrames NO_FRAMES = consumer -> {};

  private final long segmentLimit;
  private final Clock clock;
  private final RandomGenerator random;
  private final CaptureEvents events;
  private final PageHashes hashes;
  private final CurrentLog log;
  private final SourceCount source = new SourceCount();
  private @Nullable GenerationId newest;
  private @Nullable GenerationId generation;
  private volatile @Nullable DatabaseState state;
  private Instant knownAt; // when the state was known to be the newest
  private @Nullable String told; // which generation goes on, and how
  private boolean based; // the source has handed over an image in this process

  /**
   * What a former process left.
   *
   * @param lock that of capture
   */
  CapturedHistory(
      ShadowDirectory directory,
      ReplicationSettings settings,
      Clock clock,
      RandomGenerator random,
      Recovered recovered,
      CaptureEvents events,
      ReentrantLock lock) {
    this.segmentLimit = settings.segmentLimit();
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.newest = recovered.generation();
    this.knownAt = Objects.requireNonNullElse(recovered.capturedAt(), clock.instant());
    this.hashes = new PageHashes(recovered.tables(), recovered.table(), lock);
    ActiveLog unproven = null;
    if (recovered.state() != null) {
      unproven = recovered.unproven();
      this.generation = recovered.generation();
      this.state = recovered.state();
    }
    this.log = new CurrentLog(directory, settings.shadowSync(), events, unproven);
  }

  /** Generations from here on come after this one. */
  void after(GenerationId other) {
    newest = newest == null || other.compareTo(newest) > 0 ? other : newest;
  }

  /** The last captured state; null before the first base. May be read by any thread. */
  @Nullable DatabaseState state() {
    return state;
  }

  /** The generation; null before the first base. */
  @Nullable GenerationId generation() {
    return generation;
  }

  PageHashes hashes() {
    return hashes;
  }

  /** Its length and age may be read by any thread. */
  CurrentLog log() {
    return log;
  }

  /** When the state was known to be the newest. */
  Instant knownAt() {
    return knownAt;
  }

  /** How the source counts. */
  SourceCount source() {
    return source;
  }

  /** Whether the source has handed over a base. */
  boolean isBased() {
    return based;
  }

  /** The source has handed over a base. */
  void based() {
    based = true;
  }

  /** Takes the next flush. */
  void append(PageFlush flush) throws IOException {
    DatabaseState last = state;
    if (last == null) {
      throw new IllegalStateException("no state");
    }
    Instant now = clock.instant();
    state = log.append(generation, last, flush, hashes.table(), null, now);
    knownAt = now;
    if (based) {
      if (log.length() >= segmentLimit) {
        log.close(state);
      } else {
        events.appended();
      }
    }
  }

  GenerationId current() {
    return Objects.requireNonNull(generation, "generation");
  }

  /** Goes on with the generation: the base has the content of the last state. */
  void goOn(DatabaseState last, DatabaseState base, Continuity continuity) throws IOException {
    if (base.txId() > last.txId()) {
      // The content is the proof: a flush carries the new transaction ids and position.
      if (log.isEmpty()) {
        log.drop("");
      }
      append(
          new PageFlush(
              last.txId() + 1,
              base.txId(),
              base.pageSize(),
              base.highWaterMark(),
              base.position(),
              NO_FRAMES));
    } else {
      state = base;
      if (!last.proven()) {
        log.close(state);
      }
    }
    knownAt = clock.instant();
    String how = ContinuityJudge.how(continuity);
    if (based) {
      LOG.debug("generation {} goes on: {}", generation, how);
    } else {
      resumed(base, how);
      events.appended();
    }
  }

  /**
   * The generation goes on in this process, at a state. Told once, however often it is tried so.
   */
  void resumed(DatabaseState at, String how) {
    GenerationId same = current();
    String telling = same + " " + how;
    if (telling.equals(told)) {
      return;
    }
    told = telling;
    events.began(new GenerationStart(same, at, same.bornAt(), GenerationCause.RESUMED, how), null);
  }

  /**
   * Captures as one what differs from the last state, in a log and so in a segment of its own.
   *
   * @param differing the pages of the image that do
   */
  void catchUp(DatabaseImage image, DatabaseState last, PageSet differing, String reason)
      throws IOException {
    GenerationId current = current();
    // A source that claims that nothing is missing counts nothing either.
    long uncounted = Math.max(0, last.txId() + 1 - image.txId());
    PageFlush flush =
        new PageFlush(
            last.txId() + 1,
            image.txId() + uncounted,
            image.pageSize(),
            image.highWaterMark(),
            image.position(),
            new ImagePages(image).of(differing));
    Instant now = clock.instant();
    log.close(last);
    state = log.append(current, last, flush, hashes.table(), new Doubt(reason, knownAt), now);
    log.close(state);
    source.insert(uncounted);
    CatchUp caughtUp =
        new CatchUp(
            current.value(),
            reason,
            knownAt,
            now,
            flush.firstTxId(),
            flush.txId(),
            differing.size(),
            differing.size() * flush.pageSize());
    knownAt = now;
    events.caughtUp(caughtUp, uncounted > 0);
  }

  /** Begins a generation at a state whose page hashes these are. */
  void begin(
      DatabaseState base,
      PageHashTable fresh,
      GenerationCause cause,
      String reason,
      @Nullable DatabaseImage image) {
    DatabaseState last = state;
    if (last != null && last.proven()) {
      log.close(last);
    }
    log.drop(reason);
    GenerationId next = GenerationId.next(clock, random, newest);
    newest = next;
    generation = next;
    state = base;
    if (fresh == hashes.table()) {
      hashes.belongTo(next, base);
    } else {
      hashes.adopt(fresh, next, base);
    }
    knownAt = clock.instant();
    events.began(new GenerationStart(next, base, clock.instant(), cause, reason), image);
  }

  /** What the file of page hashes lacks; null if there is nothing to bring up to date. */
  PageHashes.@Nullable Lacking lacking() {
    DatabaseState last = state;
    return last == null || generation == null ? null : hashes.lacking(current(), last);
  }

  /** Closes the active log; what it holds is there at the next start. */
  void close() {
    log.release();
    DatabaseState last = state;
    if (last != null && generation != null) {
      hashes.belongTo(current(), last);
    }
    hashes.close();
  }
}
