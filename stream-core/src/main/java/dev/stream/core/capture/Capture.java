package dev.stream.core.capture;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.ImageGivenUpException;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.guard.CaptureGuards;
import dev.stream.core.guard.LastSignature;
import dev.stream.core.guard.LineageGuard;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.PageSet;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.GenerationCause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the source captures into the shadow log, and judges continuity. If that fails, nothing
 * has changed and the source hands over the same again.
 */
public final class Capture implements PageFlushObserver {

  private final ShadowDirectory directory;
  private final CaptureEvents events;
  private final ReentrantLock lock = new ReentrantLock();

  private final LineageGuard guard;
  private final LastSignature signature;
  private final CapturedHistory line;
  private final BaseCapture bases;
  private final CaptureTrouble trouble;
  private final SourcePolling looks;
  private final Duration deliveryDelay;

  public Capture(
      ShadowDirectory directory,
      ReplicationSettings settings,
      Clock clock,
      RandomGenerator random,
      Recovered recovered,
      CaptureGuards guards,
      CaptureEvents events) {
    this.directory = directory;
    this.events = events;
    this.trouble = new CaptureTrouble(events, clock);
    this.looks = new SourcePolling(clock);
    this.deliveryDelay = settings.deliveryDelay();
    this.guard = guards.lineage();
    this.signature = guards.signature();
    this.line = new CapturedHistory(directory, settings, clock, random, recovered, events, lock);
    this.bases = new BaseCapture(line, guards, recovered.reason(), lock);
  }

  /**
   * Takes over what a replica holds, if the database turns out to equal it: in a generation of its
   * own, so that whoever wrote there before cannot be writing to the same one.
   */
  public void seed(GenerationId theirs, DatabaseState held) {
    lock.lock();
    try {
      line.after(theirs);
      bases.seed(held);
    } finally {
      lock.unlock();
    }
  }

  /** Where the source should go on; null for a new start. */
  public @Nullable ResumePosition resumePosition() {
    DatabaseState last = line.state();
    return last == null ? null : new ResumePosition(last.txId(), last.position());
  }

  /** The last captured state; null before the first base. */
  public @Nullable DatabaseState state() {
    return line.state();
  }

  /**
   * The last captured state, once the flush that led to it is done with: what it made of the active
   * log can be seen then, too.
   */
  public @Nullable DatabaseState settledState() {
    lock.lock();
    try {
      return line.state();
    } finally {
      lock.unlock();
    }
  }

  /** An image of the newest commit, whose transaction is counted as capture does. */
  public DatabaseImage image(PagedDatabase database) throws IOException {
    return line.source().image(database);
  }

  /** Whether the source has handed over a base. */
  public boolean hasBase() {
    lock.lock();
    try {
      return line.isBased();
    } finally {
      lock.unlock();
    }
  }

  /** Length of the active log. */
  public long logLength() {
    return line.log().length();
  }

  /** When the oldest commit in the active log was captured; null if it is empty. */
  public @Nullable Instant unsealedSince() {
    return line.log().firstCommitAt();
  }

  /** Why capture is interrupted; null if it is not. */
  public @Nullable String trouble() {
    return trouble.message();
  }

  /** Since when commits may have gone uncaptured; null if all that were looked for are. */
  public @Nullable Instant uncapturedSince() {
    return looks.uncapturedSince(trouble.since());
  }

  @Override
  public void onLooked() {
    looks.looked();
  }

  @Override
  public Duration deliveryDelay() {
    return deliveryDelay;
  }

  @Override
  public void onPutOff() {
    looks.putOff();
    events.putOff();
  }

  @Override
  public void onSignature(String told) {
    signature.remember(told);
  }

  /** How often a flush or a base was not taken. */
  public long failures() {
    return trouble.failures();
  }

  @Override
  public void onPageFlush(PageFlush handedOver) throws IOException {
    boolean taken = false;
    lock.lock();
    try {
      PageFlush flush = line.source().captured(handedOver);
      ContinuityJudge.requireNext(line.state(), flush);
      line.append(flush);
      looks.delivered();
      trouble.over();
      taken = true;
    } catch (IOException e) {
      DatabaseState last = line.state();
      trouble.found(
          "cannot append to the shadow log in "
              + directory.root()
              + ": "
              + e
              + "; commits since transaction "
              + (last == null ? 0 : last.txId())
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

  /** Closes the active log if it holds something, so that it gets sealed. */
  public void rotate() {
    lock.lock();
    try {
      if (line.isBased()) {
        line.log().close(line.state());
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
      DatabaseImage image = line.source().captured(handed);
      String read = image.signature();
      handedOver = bases.take(image, continuity);
      signature.remember(read);
      line.based();
      guard.taken();
      trouble.over();
      taken = true;
    } catch (NewGenerationRefusedException e) {
      throw e; // told to who starts
    } catch (ImageGivenUpException e) {
      throw e; // the source takes another one
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

  /** Begins a generation at the last captured state. Does nothing before the first base. */
  public void beginGeneration(GenerationCause cause, String reason, @Nullable GenerationId after) {
    lock.lock();
    try {
      DatabaseState last = line.state();
      PageHashTable current = line.hashes().table();
      if (line.isBased() && last != null && current != null) {
        if (after != null) {
          line.after(after);
        }
        line.begin(last, current, cause, reason, null);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Captures as one in what the database differs from what its captured commits amount to.
   *
   * @param image an image of any transaction since the base
   * @param closed the logs that wait to be sealed, oldest first; none may be sealed meanwhile
   */
  public void correct(DatabaseImage image, Supplier<List<ClosedLog>> closed, String reason)
      throws IOException {
    PageHashTable known = knownHashes();
    if (known == null) {
      return;
    }
    ImageDifferences found = ImageDifferences.between(image, known, lock);
    lock.lock();
    try {
      DatabaseState last = line.state();
      if (last == null || known != line.hashes().table() || image.pageSize() != last.pageSize()) {
        return;
      }
      List<Path> logs = new ArrayList<>();
      closed.get().forEach(one -> logs.add(one.file()));
      Path active = line.log().file();
      if (active != null) {
        logs.add(active);
      }
      PageSet differing = found.in(image, last, known, logs);
      DatabaseImage corrected = new CorrectedImage(image, last);
      if (differing.size() > 0 || corrected.highWaterMark() != last.highWaterMark()) {
        line.catchUp(corrected, last, differing, reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is known of neighbouring pages; null before the first base. */
  @Nullable KnownSlice known(long firstPageId, int count) throws IOException {
    lock.lock();
    try {
      PageHashTable table = line.hashes().table();
      DatabaseState last = line.state();
      if (table == null || last == null || !line.isBased()) {
        return null;
      }
      return new KnownSlice(line.current(), last, table, firstPageId, count);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable PageHashTable knownHashes() {
    lock.lock();
    try {
      return line.hashes().table();
    } finally {
      lock.unlock();
    }
  }

  /** Brings the file of page hashes up to date, as it must be before a log goes. */
  public void writeBackHashes() {
    PageHashes.Lacking lacking;
    lock.lock();
    try {
      lacking = line.lacking();
    } finally {
      lock.unlock();
    }
    if (lacking != null) {
      lacking.writeBack();
    }
  }

  @Override
  public void onNotice(String message) {
    events.notice(message);
  }

  @Override
  public void onWarning(String message) {
    events.warning(message);
  }

  @Override
  public void onTrouble(String message) {
    trouble.failed(message);
  }

  @Override
  public void onRecovered() {
    trouble.over();
  }

  /** Closing is over: what is committed from now on is captured by nobody. */
  public void ended() {
    looks.ended();
  }

  /** Closes the active log; what it holds is there at the next start. */
  public void close() {
    lock.lock();
    try {
      line.close();
    } finally {
      lock.unlock();
    }
  }
}
