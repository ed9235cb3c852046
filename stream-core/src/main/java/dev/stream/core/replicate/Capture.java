package dev.stream.core.replicate;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PageFrames;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import dev.stream.core.CatchUp;
import dev.stream.core.NewGenerationRefusedException;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.shadow.ActiveLog;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.Doubt;
import dev.stream.core.shadow.LastFlush;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.PageSet;
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
  private Instant knownAt; // when the state was known to be the newest
  private final SourceCount source = new SourceCount();
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
    this.knownAt = clock.instant();
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

  /** An image of the newest commit, whose transaction is counted as capture does. */
  DatabaseImage image(PagedDatabase database) throws IOException {
    return source.image(database);
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
  public void onPageFlush(PageFlush handedOver) throws IOException {
    boolean taken = false;
    lock.lock();
    try {
      PageFlush flush = source.captured(handedOver);
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
    Instant now = clock.instant();
    state = log.append(generation, last, flush, hashes, null, now);
    knownAt = now;
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
  public void onBase(DatabaseImage handed, Continuity continuity) throws IOException {
    boolean handedOver = false;
    boolean taken = false;
    lock.lock();
    try {
      DatabaseImage image = source.captured(handed);
      PageHashTable fresh = BaseScan.hashes(image);
      DatabaseState base = BaseScan.state(image, fresh);
      DatabaseState last = state;
      String doubt = last == null ? unresumable : ContinuityJudge.doubt(last, base, continuity);
      if (doubt == null && last != null) {
        goOn(last, base, fresh, ContinuityJudge.how(continuity), NO_FRAMES);
      } else if (last != null && ContinuityJudge.lacks(lastFlush, last, base, fresh, continuity)) {
        PageFrames instead = new ImagePages(image).of(Objects.requireNonNull(lastFlush));
        goOn(last, base, fresh, ContinuityJudge.howWithout(last, continuity), instead);
      } else {
        admit(base);
        String reason = doubt == null ? "" : doubt;
        if (last != null && table != null && base.pageSize() == last.pageSize()) {
          catchUp(image, last, table.differing(fresh, base.highWaterMark()), reason);
        } else {
          begin(base, fresh, reason, image);
          handedOver = true;
        }
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
        handed.close();
      }
    }
  }

  /**
   * Whatever takes the place of the last state, by a new generation or a catch-up, is asked for.
   */
  private void admit(DatabaseState base) throws IOException {
    if (table == null) {
      admission.admit(generation, state, base);
    }
  }

  /**
   * Goes on with the generation.
   *
   * @param frames in which the base may differ from the last state; none if it does not
   */
  private void goOn(
      DatabaseState last, DatabaseState base, PageHashTable fresh, String how, PageFrames frames)
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
    knownAt = clock.instant();
    GenerationId current = generation;
    if (current != null && first) {
      events.began(new GenerationStart(current, base, current.bornAt(), true, how), null);
    } else {
      events.notice(how);
    }
  }

  /**
   * Captures as one what differs from the last state, in a log and so in a segment of its own.
   *
   * @param differing the pages of the image that do
   */
  private void catchUp(DatabaseImage image, DatabaseState last, PageSet differing, String reason)
      throws IOException {
    GenerationId current = Objects.requireNonNull(generation);
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
    state = log.append(current, last, flush, table, new Doubt(reason, knownAt), now);
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
   * Captures as one in what the database differs from what its captured commits amount to.
   *
   * @param image an image of any transaction since the base
   * @param fresh the hashes of its pages
   * @param closed the logs that wait to be sealed, oldest first; none may be sealed meanwhile
   */
  void correct(
      DatabaseImage image, PageHashTable fresh, Supplier<List<ClosedLog>> closed, String reason)
      throws IOException {
    lock.lock();
    try {
      DatabaseState last = state;
      PageHashTable known = table;
      if (last == null || known == null || image.pageSize() != last.pageSize()) {
        return;
      }
      for (ClosedLog one : closed.get()) {
        BaseScan.replay(one.file(), image.txId(), fresh);
      }
      Path active = log.file();
      if (active != null) {
        BaseScan.replay(active, image.txId(), fresh);
      }
      // What was captured since the image is the same in both: what differs is in the image.
      DatabaseImage corrected = new CorrectedImage(image, last);
      PageSet differing = known.differing(fresh, corrected.highWaterMark());
      if (differing.size() > 0 || corrected.highWaterMark() != last.highWaterMark()) {
        catchUp(corrected, last, differing, reason);
      }
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
