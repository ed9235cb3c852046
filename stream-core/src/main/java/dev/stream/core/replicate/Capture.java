package dev.stream.core.replicate;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.ResumePosition;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.shadow.ActiveLog;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the source captures into the shadow log, and judges continuity. The log comes first,
 * then the state: if an append fails, nothing has changed and the source hands over the same again.
 */
final class Capture implements PageFlushObserver {

  private static final long MAX_PAGE_ID = (1L << 32) - 1;

  private final ShadowDirectory directory;
  private final ReplicationSettings settings;
  private final Clock clock;
  private final RandomGenerator random;
  private final CaptureEvents events;
  private final ReentrantLock lock = new ReentrantLock();

  private final String unresumable;
  private @Nullable GenerationId newest;
  private @Nullable GenerationId generation;
  private volatile @Nullable DatabaseState state;
  private @Nullable PageHashTable table;
  private @Nullable ActiveLog log;
  private volatile long logLength;
  private volatile @Nullable Instant unsealedSince;
  private volatile @Nullable String trouble;

  Capture(
      ShadowDirectory directory,
      ReplicationSettings settings,
      Clock clock,
      RandomGenerator random,
      Recovered recovered,
      CaptureEvents events) {
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.newest = recovered.generation();
    this.unresumable = recovered.reason();
    if (recovered.state() != null) {
      this.generation = recovered.generation();
      this.state = recovered.state();
      this.log = recovered.unproven();
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
    return logLength;
  }

  /** When the oldest commit in the active log was captured; null if it is empty. */
  @Nullable Instant unsealedSince() {
    return unsealedSince;
  }

  /** Why capture is interrupted; null if it is not. */
  @Nullable String trouble() {
    return trouble;
  }

  @Override
  public void onPageFlush(PageFlush flush) throws IOException {
    lock.lock();
    try {
      DatabaseState last = state;
      if (last == null) {
        throw new IOException("the source handed over transactions before a base");
      }
      if (flush.firstTxId() != last.txId() + 1) {
        throw new IOException(
            "the source handed over transactions "
                + flush.firstTxId()
                + " to "
                + flush.txId()
                + ", though "
                + last.txId()
                + " was the last one taken");
      }
      if (flush.pageSize() != last.pageSize() || flush.highWaterMark() > MAX_PAGE_ID) {
        throw new IOException(
            "the source handed over "
                + flush.highWaterMark()
                + " pages of "
                + flush.pageSize()
                + " bytes; the generation has pages of "
                + last.pageSize());
      }
      ActiveLog target = openLog(last);
      target.append(flush, table, clock.instant());
      appended(target);
    } catch (IOException e) {
      pause(
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
      lock.unlock();
    }
  }

  private void appended(ActiveLog target) {
    state = target.last();
    logLength = target.length();
    unsealedSince = target.firstCommitAt();
    if (table != null) {
      if (target.length() >= settings.segmentLimit()) {
        closeLog();
      } else {
        events.appended();
      }
    }
    resume();
  }

  private ActiveLog openLog(DatabaseState last) throws IOException {
    if (log != null && log.isBroken() && table != null) {
      closeLog();
    }
    if (log == null || (log.isBroken() && log.isEmpty())) {
      GenerationId current = generation;
      if (current == null) {
        throw new IllegalStateException("no generation");
      }
      log = directory.createLog(current, last, settings.shadowSync());
    }
    return log;
  }

  /** Closes the active log if it holds something, so that it gets sealed. */
  void rotate() {
    lock.lock();
    try {
      if (table != null) {
        closeLog();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeLog() {
    ActiveLog closing = log;
    Instant first = closing == null ? null : closing.firstCommitAt();
    if (closing == null || first == null) {
      return;
    }
    log = null;
    logLength = 0;
    unsealedSince = null;
    closeQuietly(closing);
    DatabaseState end = closing.last();
    if (!end.proven() && state != null && state.txId() == end.txId()) {
      end = state;
    }
    events.closed(
        new ClosedLog(
            closing.file(),
            closing.generation(),
            closing.parent().txId(),
            end,
            closing.length(),
            first));
  }

  /** Gives up the active log: it is empty or cannot be proven. */
  private void dropLog(String why) {
    ActiveLog dropping = log;
    if (dropping == null) {
      return;
    }
    log = null;
    logLength = 0;
    unsealedSince = null;
    closeQuietly(dropping);
    try {
      Files.deleteIfExists(dropping.file());
    } catch (IOException e) {
      events.notice(
          dropping.file() + " could not be removed: " + e); // the next start passes it over
    }
    if (!dropping.isEmpty()) {
      events.notice(
          "transactions "
              + (dropping.parent().txId() + 1)
              + " to "
              + dropping.last().txId()
              + " of generation "
              + dropping.generation()
              + " were dropped: "
              + why
              + "; the new generation's snapshot holds what they changed");
    }
  }

  private static void closeQuietly(ActiveLog closing) {
    try {
      closing.close();
    } catch (IOException e) {
      // every flush in it was written before it was acknowledged
    }
  }

  @Override
  public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
    boolean handedOver = false;
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
      String doubt = doubt(last, base, continuity);
      if (doubt != null || last == null) {
        begin(base, fresh, doubt == null ? "" : doubt, image);
        handedOver = true;
      } else {
        goOn(last, base, fresh, continuity);
      }
      resume();
    } catch (IOException e) {
      pause(
          "cannot take the database's base: "
              + e
              + "; commits are not protected until this is solved. Stream tries again.");
      throw e;
    } finally {
      lock.unlock();
      if (!handedOver) {
        image.close();
      }
    }
  }

  /** Why a new generation is due; null if the base goes on from the last state. */
  private @Nullable String doubt(
      @Nullable DatabaseState last, DatabaseState base, Continuity continuity) {
    if (last == null) {
      return unresumable;
    }
    boolean sameShape =
        base.pageSize() == last.pageSize() && base.highWaterMark() == last.highWaterMark();
    boolean sameContent = last.proven() && sameShape && base.checksum() == last.checksum();
    if (!continuity.proven()) {
      return sameContent && base.txId() >= last.txId() ? null : continuity.reason();
    }
    if (base.txId() != last.txId()) {
      return "the source's image is of transaction "
          + base.txId()
          + ", though "
          + last.txId()
          + " was the last one it handed over";
    }
    if (last.proven() ? !sameContent : !sameShape) {
      return "the database is not what was captured up to transaction "
          + last.txId()
          + ", though the source saw no gap ("
          + continuity.reason()
          + ")";
    }
    return null;
  }

  private void goOn(
      DatabaseState last, DatabaseState base, PageHashTable fresh, Continuity continuity)
      throws IOException {
    boolean first = table == null;
    if (base.txId() > last.txId()) {
      // The content is the proof: an empty flush carries the new transaction ids and position.
      if (log != null && log.isEmpty()) {
        dropLog("");
      }
      ActiveLog target = openLog(last);
      target.append(
          new PageFlush(
              last.txId() + 1,
              base.txId(),
              base.pageSize(),
              base.highWaterMark(),
              base.position(),
              consumer -> {}),
          fresh,
          clock.instant());
      table = fresh;
      appended(target);
    } else {
      state = base;
      table = fresh;
      if (!last.proven()) {
        closeLog();
      }
    }
    GenerationId current = generation;
    if (current != null && (first || !continuity.proven())) {
      String how =
          continuity.proven()
              ? "resumed: " + continuity.reason()
              : "resumed: the database's content is what was captured last, though "
                  + continuity.reason();
      events.began(new GenerationStart(current, base, current.bornAt(), true, how), null);
    }
  }

  private void begin(
      DatabaseState base, PageHashTable fresh, String reason, @Nullable DatabaseImage image) {
    if (table != null) {
      closeLog();
    }
    dropLog(reason);
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
      if (log != null) {
        BaseScan.replay(log.file(), txId, fresh);
      }
      begin(last.withChecksum(fresh.checksum()), fresh, reason, null);
    } finally {
      lock.unlock();
    }
  }

  private void pause(String message) {
    if (trouble == null) {
      trouble = message;
      events.paused(message);
    }
  }

  private void resume() {
    if (trouble != null) {
      trouble = null;
      events.recovered();
    }
  }

  @Override
  public void onNotice(String message) {
    events.notice(message);
  }

  @Override
  public void onTrouble(String message) {
    trouble = message;
    events.paused(message);
  }

  @Override
  public void onRecovered() {
    resume();
  }

  /** Closes the active log; what it holds is there at the next start. */
  void close() {
    lock.lock();
    try {
      if (log != null) {
        closeQuietly(log);
        log = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
