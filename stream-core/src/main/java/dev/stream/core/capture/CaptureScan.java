package dev.stream.core.capture;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.ImageGivenUpException;
import dev.stream.api.database.PagedDatabase;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.schedule.Episode;
import dev.stream.core.schedule.ScanPace;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.status.ReadBack;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves capture a piece at a time: reads a few pages of the database back, and compares them with
 * the table of page hashes. Where nothing was committed since everything was read, nothing is read.
 * Safe for use by several threads, but for {@link #slice}, which one thread calls.
 *
 * <p>Commits go on meanwhile, so a page is judged only if its hash was the same before the image
 * was taken and after it was read: then it was not captured in between. The others are judged in
 * the next turn. A page that looks wrong is looked at twice, since one that was changed and changed
 * back in between looks so.
 */
public final class CaptureScan {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureScan.class);

  /**
   * A page that is changed and changed back while it is looked at seems to be wrong: then it is
   * looked at again. One that is wrong stays so.
   */
  private static final int LOOKS_AGAIN = 4;

  private final PagedDatabase database;
  private final Capture capture;
  private final ScanPace pace;
  private final Clock clock;
  private final Episode episode = new Episode();
  private long dueAt;
  private long nextPage = 1;
  private long turnTxId = -1; // the last one captured when the turn began
  private @Nullable Instant turnAt;
  private long provenTxId = -1;
  private @Nullable Instant provenAt;

  public CaptureScan(PagedDatabase database, Capture capture, ScanPace pace, Clock clock) {
    this.database = database;
    this.capture = capture;
    this.pace = pace;
    this.clock = clock;
    pause();
  }

  /** A generation begins, or goes on, with a base that was just compared as a whole. */
  public synchronized void began(long txId) {
    proven(txId, clock.instant(), true);
  }

  /**
   * The database as of a transaction was found to be what was captured, as a whole.
   *
   * @param at when that was captured
   */
  public synchronized void proven(long txId, Instant at) {
    proven(txId, at, txId > provenTxId);
  }

  private void proven(long txId, Instant at, boolean counts) {
    if (counts) {
      provenTxId = txId;
      provenAt = at;
      nextPage = 1;
      turnAt = null;
      pause();
    }
  }

  /** How far it is. */
  public synchronized ReadBack readBack() {
    DatabaseState state = capture.state();
    return new ReadBack(provenAt, nextPage - 1, state == null ? 0 : state.highWaterMark());
  }

  /** Nanoseconds until the next slice is due; not positive if it is. */
  public synchronized long nanosLeft() {
    return dueAt - System.nanoTime();
  }

  private synchronized void pause() {
    DatabaseState state = capture.state();
    long bytes = state == null ? 0 : state.highWaterMark() * state.pageSize();
    dueAt = System.nanoTime() + pace.pause(bytes).toNanos();
  }

  /**
   * Reads the next slice.
   *
   * @return what is wrong; null if nothing is, or it could not be looked at this time
   */
  public @Nullable String slice() {
    try {
      DatabaseState state = capture.state();
      return state == null || !begin(state) ? null : look(state);
    } catch (ImageGivenUpException e) {
      LOG.debug("a look at the database was given up: {}", e.getMessage());
      return null;
    } catch (IOException | RuntimeException | Error e) {
      if (episode.failed("" + e)) {
        LOG.warn(
            "the database cannot be read back to prove what was captured: {}; commits are captured"
                + " as ever. Stream tries again",
            e.toString());
      }
      return null;
    } finally {
      pause();
    }
  }

  /** Whether there is something to read: something was committed since all of it was read. */
  private synchronized boolean begin(DatabaseState state) {
    if (turnAt == null) {
      if (state.txId() == provenTxId) {
        return false;
      }
      turnAt = clock.instant();
      turnTxId = state.txId();
      nextPage = 1;
    }
    return true;
  }

  private @Nullable String look(DatabaseState state) throws IOException {
    long first = next();
    int count = Math.max(1, pace.slice() / state.pageSize());
    long wrong = wrongPage(first, count);
    for (int look = 1; look <= LOOKS_AGAIN && wrong != 0; look++) {
      wrong = wrongPage(first, count);
    }
    if (episode.succeeded()) {
      LOG.info("the database can be read back again");
    }
    if (wrong != 0) {
      return "page " + wrong + " of the database is not what was captured of it";
    }
    read(first + count, state.highWaterMark());
    return null;
  }

  private synchronized long next() {
    return nextPage;
  }

  private synchronized void read(long next, long highWaterMark) {
    if (next <= highWaterMark) {
      nextPage = next;
      return;
    }
    nextPage = 1;
    provenTxId = turnTxId;
    provenAt = turnAt;
    turnAt = null;
  }

  /** The first page of a slice that is not what was captured of it; 0 if there is none. */
  private long wrongPage(long first, int count) throws IOException {
    KnownSlice before = capture.known(first, count);
    if (before == null) {
      return 0;
    }
    long[] found;
    long end;
    try (DatabaseImage image = capture.image(database)) {
      if (image.pageSize() != before.state().pageSize()) {
        return 0; // a new page size is a state of its own, and compared as a whole
      }
      end = image.highWaterMark();
      found = hashes(image, first, count);
    }
    KnownSlice after = capture.known(first, count);
    if (after == null || !after.generation().equals(before.generation())) {
      return 0;
    }
    long size = before.state().highWaterMark();
    if (size == after.state().highWaterMark() && end != size) {
      return Math.min(size, end) + 1;
    }
    for (int i = 0; i < count; i++) {
      if (before.hash(i) == after.hash(i) && before.hash(i) != found[i]) {
        return first + i;
      }
    }
    return 0;
  }

  private static long[] hashes(DatabaseImage image, long first, int count) throws IOException {
    long[] hashes = new long[count];
    long there = Math.min(count, image.highWaterMark() - first + 1);
    if (there > 0) {
      int pageSize = image.pageSize();
      new ImagePages(image)
          .read(
              first,
              there,
              frame -> {
                byte[] data = frame.data().array();
                for (int i = 0; i < frame.pages(); i++) {
                  hashes[(int) (frame.id() + i - first)] =
                      PageHash.of(frame.id() + i, data, i * pageSize, pageSize);
                }
              });
    }
    return hashes;
  }
}
