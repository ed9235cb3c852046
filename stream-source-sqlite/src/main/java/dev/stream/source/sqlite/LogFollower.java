package dev.stream.source.sqlite;

import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.source.sqlite.CommitCount.Mark;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Follows a write-ahead log from commit to commit and hands the changed pages on.
 *
 * <p>While a pin has been held without a break since the log was last read to its end, a restart
 * can only have happened after everything was read. After a break, commits are counted: the log's
 * index says how many there were since the last place that was read ({@link CommitCount}), and as
 * many have to be found, in the new log and in what is left of the old one behind our position. A
 * log that was not restarted needs neither, since its frames build on each other. Anything else is
 * a lost position.
 *
 * <p>For use by one thread.
 */
final class LogFollower {

  /** One flush covers about so many bytes of log at most, unless a single commit is larger. */
  private static final long RUN_BYTES = 64L << 20;

  /** Commits made while no pin was held are copied before they are handed on. */
  private static final long GAP_BYTES = 32L << 20;

  private static final int PATIENCE = 200;

  private final PageFlushObserver observer;
  private final LogScan scan = new LogScan();
  private final FrameIndex index = new FrameIndex();

  private @Nullable LogGuard guard;
  private @Nullable WalFile wal;
  private @Nullable DatabaseFile file;
  private LogPosition position = LogPosition.inFile(null, 4096, 0);
  private long txId;

  /** Whether the log may have been restarted before it was read to its end. */
  private boolean gap = true;

  /** Where the position is in the index's count of commits. */
  private Mark mark = Mark.NONE;

  /** What the index said when everything had been read. */
  private WalIndex.@Nullable State end;

  /** The file when it held everything up to the position, until more is read; null if unknown. */
  private @Nullable FileStamp held;

  /** Bytes of the largest transaction that was read alone from this log. */
  private long largestBytes;

  LogFollower(PageFlushObserver observer) {
    this.observer = observer;
  }

  /** The next transaction is the one after this. */
  void startAfter(long last) {
    txId = last;
  }

  /**
   * Goes on with these; whatever happened in between is proven or a lost position.
   *
   * @param whole what the file was, as a stamp that a later change would have changed, when it held
   *     everything that is captured; null if that is not known
   */
  void attach(LogGuard connections, WalFile log, DatabaseFile database, @Nullable FileStamp whole) {
    guard = connections;
    wal = log;
    file = database;
    held = whole;
    gap = true;
  }

  LogPosition position() {
    return position;
  }

  long txId() {
    return txId;
  }

  long largestBytes() {
    return largestBytes;
  }

  FrameIndex index() {
    return index;
  }

  /** The pins were let go: until the log has been read to its end again, restarts need proof. */
  void unpinned() {
    gap = true;
  }

  /** Whether pins were let go and the log has not been read to its end since. */
  boolean isUnproven() {
    return gap;
  }

  /** Whether an index tells of nothing that was not read. */
  boolean isAtEnd(WalIndex.State now) {
    WalIndex.State read = end;
    return read != null
        && now.change() == read.change()
        && now.logFrames() == read.logFrames()
        && now.sameLog(read);
  }

  /**
   * The same; if so, commits count from here on: there was none since the end was reached, however
   * long nobody has looked.
   */
  boolean isStillAtEnd(WalIndex.State now, WalIndex counting) {
    boolean still = isAtEnd(now);
    if (still) {
      mark = counting.count().mark();
    }
    return still;
  }

  /**
   * Takes the newest commit as the state everything else builds on, as transaction {@code base}.
   * Only under a pin.
   */
  void startAnew(long base) throws IOException {
    WalFile log = log();
    for (int attempt = 0; attempt < PATIENCE; attempt++) {
      WalHeader before = log.header();
      WalIndex.State published = guard().published();
      if (!unchanged(before)) {
        continue;
      }
      index.clear();
      if (published.logFrames() == 0) {
        SqliteHeader header = Objects.requireNonNull(file().header(), "a database in WAL mode");
        position = LogPosition.inFile(before, header.pageSize(), header.pageCount());
      } else if (before == null || !published.isOf(before)) {
        pause();
        continue;
      } else {
        CommitRun run =
            scan.read(
                log, LogPosition.startOf(before, 0), published.logFrames(), Long.MAX_VALUE / 2);
        if (run.end().frames() != published.logFrames()) {
          pause();
          continue;
        }
        remember(run);
        position = run.end();
      }
      txId = base;
      reachedEnd(published);
      return;
    }
    throw new IOException(
        "cannot read the write-ahead log "
            + log.path()
            + ": what is published in it cannot be found in the file. Is it on a network file"
            + " system, or was it changed by hand?");
  }

  /**
   * Goes on where an earlier capture ended, delivering what was committed since.
   *
   * @return how continuity was proven
   */
  String resume(LogPosition from) throws IOException, SQLException, PositionLostException {
    WalHeader before = Objects.requireNonNull(from.log());
    WalHeader now = log().header();
    if (now == null) {
      throw new PositionLostException("the write-ahead log was removed or emptied meanwhile");
    }
    if (now.pageSize() != from.pageSize()) {
      throw new PositionLostException("the page size was changed meanwhile");
    }
    if (!now.sameLog(before)) {
      throw new PositionLostException(
          "the write-ahead log was restarted meanwhile, and nobody counted the commits in it");
    }
    CommitRun known =
        scan.read(log(), LogPosition.startOf(now, 0), from.frames(), Long.MAX_VALUE / 2);
    boolean same =
        known.end().frames() == from.frames()
            && (from.frames() == 0 || known.end().checksum() == from.checksum());
    if (!same || guard().published().logFrames() < from.frames()) {
      throw new PositionLostException(
          "the write-ahead log does not hold what was last captured (frame "
              + from.frames()
              + " differs)");
    }
    remember(known);
    position = from.frames() == 0 ? LogPosition.startOf(now, from.highWaterMark()) : known.end();
    gap = true;
    capture();
    return "the write-ahead log still holds the last captured commit";
  }

  /**
   * Delivers every commit that was published before the call.
   *
   * @return whether there was any
   */
  boolean capture() throws IOException, SQLException, PositionLostException {
    boolean any = false;
    int unreadable = 0;
    while (true) {
      WalHeader before = log().header();
      WalIndex.State published = guard().published();
      if (!unchanged(before)) {
        continue;
      }
      noteHeader(before);
      WalHeader known = position.log();
      if (published.logFrames() == 0
          && (before == null || known == null || !published.isOf(before))) {
        // Emptied, or restarted in the index and not yet in the file: the header follows with the
        // next commit.
        any |= finishOld(before, published);
        return any;
      }
      if (before == null || !published.isOf(before)) {
        if (++unreadable > PATIENCE) {
          throw new PositionLostException("the write-ahead log lost its header");
        }
        pause();
        continue;
      }
      if (known == null || !before.sameLog(known)) {
        any |= restarted(before, published);
        continue;
      }
      if (published.logFrames() < position.frames()) {
        throw new PositionLostException("the write-ahead log was cut back below what was read");
      }
      if (gap && guard().isPinned() && published.writtenBack() < published.logFrames()) {
        // What is not written back keeps the log as it is, and the pin keeps it from being written
        // back, or, if it came later, from being restarted.
        requireIntact();
        gap = false;
      }
      if (published.logFrames() == position.frames()) {
        if (gap) {
          requireIntact();
        }
        reachedEnd(published);
        return any;
      }
      CommitRun run =
          scan.read(log(), position, published.logFrames(), gap ? GAP_BYTES : RUN_BYTES);
      if (run.commits() == 0) {
        if (++unreadable > PATIENCE) {
          throw new PositionLostException(
              "the write-ahead log is damaged after frame " + position.frames());
        }
        pause();
        continue;
      }
      unreadable = 0;
      deliver(run, before, published.writtenBack());
      any = true;
      if (position.frames() >= published.logFrames()) {
        reachedEnd(published);
        return true;
      }
    }
  }

  /**
   * While a log has no commit, its header may be written again: by a transaction after one that was
   * rolled back, if its connection counts its checkpoints otherwise. The salts stay, but not the
   * checksum that the first frame's builds on.
   */
  private void noteHeader(@Nullable WalHeader now) {
    if (now != null
        && position.frames() == 0
        && now.sameLog(position.log())
        && now.checksum() != position.checksum()) {
      position = LogPosition.startOf(now, position.highWaterMark());
    }
  }

  /** Everything that the index tells of has been read. */
  private void reachedEnd(WalIndex.State published) {
    end = published;
    mark = guard().index().count().mark();
    held = null;
    gap = false;
  }

  /** What was read last still stands in the log, so what follows it there builds on it. */
  private void requireIntact() throws IOException, PositionLostException {
    if (position.frames() > 0 && !LogScan.intact(log(), position)) {
      throw new PositionLostException(
          "the write-ahead log does not hold what was last captured (frame "
              + position.frames()
              + " differs)");
    }
  }

  /**
   * The log that we follow has ended, and a new one has nothing yet.
   *
   * @param now the header that is in the file; null for none
   */
  private boolean finishOld(@Nullable WalHeader now, WalIndex.State published)
      throws IOException, SQLException, PositionLostException {
    boolean any = gap && readTail(commitsSince(0), now);
    reachedEnd(published);
    return any;
  }

  /** The file has another log than the one we follow. */
  private boolean restarted(WalHeader now, WalIndex.State published)
      throws IOException, SQLException, PositionLostException {
    if (!log().isCurrent()) {
      throw new PositionLostException("the write-ahead log was replaced by another file");
    }
    if (now.pageSize() != position.pageSize()) {
      throw new PositionLostException("the page size changed");
    }
    boolean any = false;
    Mark start = Mark.NONE;
    if (gap || guard().index().count().since(mark).isPresent()) {
      CommitRun fresh =
          scan.read(log(), LogPosition.startOf(now, 0), published.logFrames(), Long.MAX_VALUE / 2);
      if (fresh.end().frames() != published.logFrames()) {
        return false; // restarted again meanwhile; looked at anew
      }
      long all = commitsSince(fresh.commits());
      long missing = all - fresh.commits();
      if (missing < 0 || (missing > 0 && !gap)) {
        throw new PositionLostException(
            "the write-ahead log was restarted, and "
                + all
                + " commits were counted where "
                + fresh.commits()
                + " were found");
      }
      any = readTail(missing, now);
      start = mark;
    }
    position = LogPosition.startOf(now, position.highWaterMark());
    index.clear();
    largestBytes = 0;
    mark = start;
    return any;
  }

  /**
   * How many commits there were since the position. Where nobody counted them, the database file
   * may tell: if it held everything, and nothing was written back to it since, then no log with
   * commits was restarted in between, for that is done only to one that is written back.
   *
   * @param found how many there are in the log that is in the file now, read before this
   */
  private long commitsSince(long found) throws IOException, PositionLostException {
    OptionalLong counted = guard().index().count().since(mark);
    if (counted.isPresent()) {
      return counted.getAsLong();
    }
    if (held != null && held.equals(FileStamp.of(file().path()))) {
      return found;
    }
    throw new PositionLostException(
        "the write-ahead log was restarted while nothing held it, and the commits before that"
            + " cannot be counted");
  }

  /**
   * Reads what the old log held behind our position, after it was restarted unseen.
   *
   * @param commits how many commits there have to be
   * @param now the log that followed; null if there is none yet
   */
  private boolean readTail(long commits, @Nullable WalHeader now)
      throws IOException, SQLException, PositionLostException {
    if (commits == 0) {
      return false;
    }
    WalHeader old = position.log();
    if (old == null || now == null || !(now.sameLog(old) || now.follows(old))) {
      throw missing(commits, 0);
    }
    CommitRun tail = scan.read(log(), position, Long.MAX_VALUE, GAP_BYTES, commits);
    if (tail.commits() < commits) {
      throw missing(commits, tail.commits());
    }
    deliver(tail, old, 0);
    return true;
  }

  private static PositionLostException missing(long counted, long found) {
    return new PositionLostException(
        "the write-ahead log was restarted before it was read to its end: of "
            + counted
            + " commits at its end "
            + found
            + " were found");
  }

  private void deliver(CommitRun run, WalHeader log, long writtenBack)
      throws IOException, SQLException, PositionLostException {
    FrameSource source = FrameSource.files(log(), file(), log);
    long[] entries = ChangedPages.of(run, position, index, source, writtenBack);
    if (gap) {
      source = copyInGap(entries, source, log);
    }
    observer.onPageFlush(
        new PageFlush(
            txId + 1,
            txId + run.commits(),
            log.pageSize(),
            run.end().highWaterMark(),
            run.end().token(),
            new RunFrames(entries, source, log.pageSize())));
    txId += run.commits();
    if (run.commits() == 1) {
      largestBytes = Math.max(largestBytes, run.end().bytes() - position.bytes());
    }
    remember(run);
    position = run.end();
    mark = mark.plus(run.commits());
  }

  /** Copies what could be overwritten while it is handed on, and sees to it that it was not. */
  private FrameSource copyInGap(long[] entries, FrameSource source, WalHeader log)
      throws IOException, PositionLostException {
    if ((long) entries.length * log.pageSize() > 2 * GAP_BYTES) {
      throw new PositionLostException("a very large transaction fell into a restart of the log");
    }
    if (Arrays.stream(entries).anyMatch(entry -> CommitRun.frameOf(entry) == 0)) {
      throw new PositionLostException(
          "the database grew by pages that no frame holds while nothing held the log");
    }
    FrameSource copied = MemoryFrames.copy(entries, source, log.pageSize());
    boolean untouched =
        position.frames() == 0 ? log.sameLog(log().header()) : LogScan.intact(log(), position);
    if (!untouched) {
      throw new PositionLostException(
          "the write-ahead log was restarted and overwritten while it was read");
    }
    return copied;
  }

  private void remember(CommitRun run) {
    for (long entry : run.inLogOrder()) {
      index.put(CommitRun.page(entry), CommitRun.frameOf(entry));
    }
  }

  private LogGuard guard() {
    return Objects.requireNonNull(guard, "not attached");
  }

  private WalFile log() {
    return Objects.requireNonNull(wal, "not attached");
  }

  private DatabaseFile file() {
    return Objects.requireNonNull(file, "not attached");
  }

  private boolean unchanged(@Nullable WalHeader before) throws IOException {
    WalHeader after = log().header();
    return before == null ? after == null : before.sameLog(after);
  }

  /** Gives a writer that is in the middle of a change time to finish it. */
  private static void pause() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while reading the write-ahead log");
    }
  }
}
