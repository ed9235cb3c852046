package dev.stream.core.replicate;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PageFrames;
import dev.stream.api.database.ResumePosition;
import dev.stream.core.NewGenerationRefusedException;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.shadow.ActiveLog;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.LastFlush;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the source captures into the shadow log, and judges continuity. The log comes first,
 * then the state: if an append fails, nothing has changed and the source hands over the same again.
 */
final class Capture implements PageFlushObserver {

  /** Says whether a new generation may begin at the start. */
  interface Admission {
    /**
     * Returns if it may.
     *
     * @throws NewGenerationRefusedException if it must not
     */
    void admit(@Nullable GenerationId generation, @Nullable DatabaseState last, DatabaseState base)
        throws IOException;
  }

  private static final PageFrames NO_FRAMES = consumer -> {};

  private final ShadowDirectory directory;
  private final ReplicationSettings settings;
  private final Clock clock;
  private final RandomGenerator random;
  private final CaptureEvents events;
  private final ReentrantLock lock = new ReentrantLock();

  private final Admission admission;
  private String unresumable;
  private @Nullable GenerationId newest;
  private @Nullable GenerationId generation;
  private volatile @Nullable DatabaseState state;
  private @Nullable PageHashTable table;
  private @Nullable LastFlush lastFlush;
  private final CurrentLog log;
  private final CaptureTrouble trouble;
  private final SourceLooks looks;

  Capture(
      ShadowDirectory directory,
      ReplicationSettings settings,
      Clock clock,
      RandomGenerator random,
      Recovered recovered,
      Admission admission,
      CaptureEvents events) {
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.trouble = new CaptureTrouble(events, clock);
    this.looks = new SourceLooks(clock);
    this.newest = recovered.generation();
    this.admission = admission;
    this.unresumable = recovered.reason();
    ActiveLog unproven = null;
    if (recovered.state() != null) {
      unproven = recovered.unproven();
      this.generation = recovered.generation();
      this.state = recovered.state();
      this.lastFlush = recovered.lastFlush();
    }
    this.log = new CurrentLog(directory, settings.shadowSync(), events, unproven);
  }

  /** Goes on from what a replica holds, if the database turns out to equal it. */
  void seed(GenerationId ofReplica, DatabaseState held) {
    lock.lock();
    try {
      newest = newest == null || ofReplica.compareTo(newest) > 0 ? ofReplica : newest;
      generation = ofReplica;
      state = held;
      unresumable = "the database is not what a replica holds";
    } finally {
      lock.unlock();
    }
  }

  /** Where the source should go on; null for a new start. */
  @Nullable ResumePosition resumePosition() {
    DatabaseState last = state;
    return last == null ? null : new ResumePosition(last.txId(), last.position());
  }

  /** The last captured state; null before the first base. */
  @Nullable DatabaseState state() {
    return state;
  }

  /**
   * The last captured state, once the flush that led to it is done with: what it made of the active
   * log can be seen then, too.
   */
  @Nullable DatabaseState settledState() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the checksum of the whole database is known, as it is from the first base on. */
  boolean hasBase() {
    lock.lock();
    try {
      return table != null;
    } finally {
      lock.unlock();
    }
  }

  /** Length of the active log. */
  long logLength() {
    return log.length();
  }

  /** When the oldest commit in the active log was captured; null if it is empty. */
  @Nullable Instant unsealedSince() {
    return log.firstCommitAt();
  }

  /** Why capture is interrupted; null if it is not. */
  @Nullable String trouble() {
    return trouble.message();
  }

  /** Since when commits may have gone uncaptured; null if all that were looked for are. */
  @Nullable Instant uncapturedSince() {
    return looks.uncapturedSince(trouble.since());
  }

  @Override
  public void onLooked() {
    looks.looked();
  }

  /** How often a flush or a base was not taken. */
  long failures() {
    return trouble.failures();
  }

  @Override
  public void onPageFlush(PageFlush flush) throws IOException {
    boolean taken = false;
    lock.lock();
    try {
      ContinuityJudge.requireNext(state, flush);
      append(flush, table);
      taken = true;
    } catch (IOException e) {
      trouble.found(
          "cannot append to the shadow log in "
              + directory.root()
              + ": "
              + e
              + "; commits since transaction "
              + (state == null ? 0 : state.txId())
              + " are not protected until this is solved. Stream tries again; if the disk is full,"
              + " make room.");
      throw e;
    } finally {
      if (!taken) {
        trouble.count();
      }
      lock.unlock();
    }
  }

  private void append(PageFlush flush, @Nullable PageHashTable hashes) throws IOException {
    DatabaseState last = state;
    if (last == null) {
      throw new IllegalStateException("no state");
    }
    state = log.append(generation, last, flush, hashes, clock.instant());
    if (hashes != null) {
      if (log.length() >= settings.segmentLimit()) {
        log.close(state);
      } else {
        events.appended();
      }
    }
    trouble.over();
  }

  /** Closes the active log if it holds something, so that it gets sealed. */
  void rotate() {
    lock.lock();
    try {
      if (table != null) {
        log.close(state);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
    boolean handedOver = false;
    boolean taken = false;
    lock.lock();
    try {
      PageHashTable fresh = BaseScan.hashes(image);
      DatabaseState base =
          DatabaseState.of(
              image.txId(),
              fresh.checksum(),
              image.pageSize(),
              image.highWaterMark(),
              image.position());
      DatabaseState last = state;
      String doubt = last == null ? unresumable : ContinuityJudge.doubt(last, base, continuity);
      if (doubt == null && last != null) {
        goOn(last, base, fresh, ContinuityJudge.how(continuity), !continuity.proven(), NO_FRAMES);
      } else if (last != null && ContinuityJudge.lacks(lastFlush, last, base, fresh, continuity)) {
        PageFrames instead = new ImagePages(image).of(Objects.requireNonNull(lastFlush));
        goOn(last, base, fresh, ContinuityJudge.howWithout(last, continuity), true, instead);
      } else {
        if (table == null) {
          admission.admit(generation, last, base);
        }
        begin(base, fresh, doubt == null ? "" : doubt, image);
        handedOver = true;
      }
      lastFlush = null; // what comes from here on is in the file
      trouble.over();
      taken = true;
    } catch (NewGenerationRefusedException e) {
      throw e; // told to who starts
    } catch (IOException e) {
      trouble.found(
          "cannot take the database's base: "
              + e
              + "; commits are not protected until this is solved. Stream tries again.");
      throw e;
    } finally {
      if (!taken) {
        trouble.count();
      }
      lock.unlock();
      if (!handedOver) {
        image.close();
      }
    }
  }

  /**
   * Goes on with the generation.
   *
   * @param notable whether the listener is to know in any case; at a start it always is
   * @param frames in which the base may differ from the last state; none if it does not
   */
  private void goOn(
      DatabaseState last,
      DatabaseState base,
      PageHashTable fresh,
      String how,
      boolean notable,
      PageFrames frames)
      throws IOException {
    boolean first = table == null;
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
              frames),
          fresh);
      table = fresh;
    } else {
      state = base;
      table = fresh;
      if (!last.proven()) {
        log.close(state);
      }
    }
    GenerationId current = generation;
    if (current != null && (first || notable)) {
      events.began(new GenerationStart(current, base, current.bornAt(), true, how), null);
    }
  }

  private void begin(
      DatabaseState base, PageHashTable fresh, String reason, @Nullable DatabaseImage image) {
    if (table != null) {
      log.close(state);
    }
    log.drop(reason);
    GenerationId next = GenerationId.next(clock, random, newest);
    newest = next;
    generation = next;
    state = base;
    table = fresh;
    events.began(new GenerationStart(next, base, clock.instant(), false, reason), image);
  }

  /** Begins a generation at the last captured state. Does nothing before the first base. */
  void beginGeneration(String reason, @Nullable GenerationId after) {
    lock.lock();
    try {
      DatabaseState last = state;
      PageHashTable current = table;
      if (last != null && current != null) {
        if (after != null && (newest == null || after.compareTo(newest) > 0)) {
          newest = after;
        }
        begin(last, current, reason, null);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins a generation with page hashes that were taken anew from an image, brought up to date
   * with what was captured since.
   *
   * @param fresh the hashes as of {@code txId}
   * @param closed the logs that wait to be sealed, oldest first; none may be sealed meanwhile
   */
  void rebase(PageHashTable fresh, long txId, Supplier<List<ClosedLog>> closed, String reason)
      throws IOException {
    lock.lock();
    try {
      DatabaseState last = state;
      if (last == null) {
        return;
      }
      for (ClosedLog one : closed.get()) {
        BaseScan.replay(one.file(), txId, fresh);
      }
      Path active = log.file();
      if (active != null) {
        BaseScan.replay(active, txId, fresh);
      }
      begin(last.withChecksum(fresh.checksum()), fresh, reason, null);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onNotice(String message) {
    events.notice(message);
  }

  @Override
  public void onTrouble(String message) {
    trouble.told(message);
  }

  @Override
  public void onRecovered() {
    trouble.over();
  }

  /** Closes the active log; what it holds is there at the next start. */
  void close() {
    looks.ended();
    lock.lock();
    try {
      log.release();
    } finally {
      lock.unlock();
    }
  }
}
