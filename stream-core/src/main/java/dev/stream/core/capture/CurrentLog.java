package dev.stream.core.capture;

import dev.stream.api.database.PageFlush;
import dev.stream.core.shadow.ActiveLog;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.Doubt;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The active log that capture appends to, from its creation to its handing over to sealing. Changed
 * with capture's lock held only; its length and age may be read by any thread.
 */
final class CurrentLog {

  private final ShadowDirectory directory;
  private final boolean force;
  private final CaptureEvents events;
  private @Nullable ActiveLog log;
  private volatile long length;
  private volatile @Nullable Instant firstCommitAt;

  /** With a log to go on with, which a former process left; null for none. */
  CurrentLog(
      ShadowDirectory directory,
      boolean force,
      CaptureEvents events,
      @Nullable ActiveLog recovered) {
    this.directory = directory;
    this.force = force;
    this.events = events;
    this.log = recovered;
  }

  /** Its length in bytes; 0 if there is none. */
  long length() {
    return length;
  }

  /** When the oldest commit in it was captured; null if it is empty. */
  @Nullable Instant firstCommitAt() {
    return firstCommitAt;
  }

  /** Where it is; null if there is none. */
  @Nullable Path file() {
    return log == null ? null : log.file();
  }

  /** Whether there is one, without a commit. */
  boolean isEmpty() {
    return log != null && log.isEmpty();
  }

  /**
   * Appends to the log, or to a new one if there is none or it takes no more.
   *
   * @param table the page hashes, brought up to date; null if they are not known yet
   * @param doubt what the flush closes if it is a catch-up, which needs a log of its own; else null
   * @return the state after the flush
   */
  DatabaseState append(
      @Nullable GenerationId generation,
      DatabaseState last,
      PageFlush flush,
      @Nullable PageHashTable table,
      @Nullable Doubt doubt,
      Instant now)
      throws IOException {
    if (log != null && log.isBroken() && table != null) {
      close(last);
    }
    ActiveLog target = log;
    if (target == null || (target.isEmpty() && !isFit(target, doubt))) {
      if (generation == null) {
        throw new IllegalStateException("no generation");
      }
      release();
      target = directory.createLog(generation, last, doubt, force);
      log = target;
    }
    target.append(flush, table, now);
    length = target.length();
    firstCommitAt = target.firstCommitAt();
    return target.last();
  }

  private static boolean isFit(ActiveLog empty, @Nullable Doubt doubt) {
    return !empty.isBroken() && Objects.equals(empty.doubt(), doubt);
  }

  /**
   * Hands the log over to be sealed, if it holds something.
   *
   * @param state the last captured state, which may know a checksum that the log does not
   */
  void close(@Nullable DatabaseState state) {
    ActiveLog closing = log;
    Instant first = closing == null ? null : closing.firstCommitAt();
    if (closing == null || first == null) {
      return;
    }
    DatabaseState end = closing.last();
    if (!end.proven() && state != null && state.txId() == end.txId()) {
      end = state;
    }
    log = null;
    end(closing);
    // Handed over before it is forgotten: whoever asks for its age sees it here or there.
    events.closed(
        new ClosedLog(
            closing.file(),
            closing.generation(),
            closing.parent().txId(),
            end,
            closing.length(),
            first));
    forget();
  }

  /** Deletes the log: it is empty or cannot be proven. */
  void drop(String why) {
    ActiveLog dropping = log;
    if (dropping == null) {
      return;
    }
    release();
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

  /** Lets go of the log; what it holds stays where it is. */
  void release() {
    ActiveLog releasing = log;
    log = null;
    forget();
    if (releasing != null) {
      end(releasing);
    }
  }

  private void forget() {
    length = 0;
    firstCommitAt = null;
  }

  private static void end(ActiveLog ending) {
    try {
      ending.close();
    } catch (IOException e) {
      // every flush in it was written before it was acknowledged
    }
  }
}
