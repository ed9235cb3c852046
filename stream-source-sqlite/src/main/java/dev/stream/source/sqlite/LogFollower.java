package dev.stream.source.sqlite;

import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.source.sqlite.Connections.CheckpointState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows a write-ahead log from commit to commit and hands the changed pages on.
 *
 * <p>Two proofs carry it over a restart of the log. While a pin has been held without a break since
 * the log was last read to its end, a restart can only have happened after everything was read. And
 * after a break, the frames behind our position are still in the file as long as the new log has
 * not grown over them: if the salts say that it restarted once, and the last frame we read still
 * stands after its successors were read, nothing is missing. Anything else is a lost position.
 *
 * <p>For use by one thread.
 */
final class LogFollower {

  /** One flush covers about so many bytes of log at most, unless a single commit is larger. */
  private static final long RUN_BYTES = 64L << 20;

  /** Commits made while no pin was held are copied before they are handed on. */
  private static final long GAP_BYTES = 32L << 20;

  private static final int PATIENCE = 200;

  private final LogGuard guard;
  private final WalFile wal;
  private final DatabaseFile file;
  private final PageFlushObserver observer;
  private final LogScan scan = new LogScan();
  private final FrameIndex index = new FrameIndex();

  private LogPosition position;
  private long txId;

  /** Whether the log may have been restarted before it was read to its end. */
  private boolean gap;

  LogFollower(
      LogGuard guard, WalFile wal, DatabaseFile file, PageFlushObserver observer, long txId) {
    this.guard = guard;
    this.wal = wal;
    this.file = file;
    this.observer = observer;
    this.txId = txId;
    this.position = LogPosition.inFile(null, 4096, 0);
  }

  LogPosition position() {
    return position;
  }

  long txId() {
    return txId;
  }

  java.nio.file.Path walPath() {
    return wal.path();
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

  /**
   * Takes the newest commit as the state everything else builds on, as transaction {@code base}.
   */
  void startAnew(long base) throws IOException, SQLException {
    for (int attempt = 0; attempt < PATIENCE; attempt++) {
      WalHeader before = wal.header();
      CheckpointState published = guard.published();
      if (!unchanged(before)) {
        continue;
      }
      index.clear();
      if (published.logFrames() == 0) {
        SqliteHeader header = Objects.requireNonNull(file.header(), "a database in WAL mode");
        position = LogPosition.inFile(before, header.pageSize(), header.pageCount());
      } else if (before == null) {
        pause();
        continue;
      } else {
        CommitRun run =
            scan.read(
                wal, LogPosition.startOf(before, 0), published.logFrames(), Long.MAX_VALUE / 2);
        if (run.end().frames() != published.logFrames()) {
          pause();
          continue;
        }
        remember(run);
        position = run.end();
      }
      txId = base;
      gap = false;
      return;
    }
    throw new IOException(
        "cannot read the write-ahead log "
            + wal.path()
            + ": what is published in it cannot be found in the file. Is it on a network file"
            + " system, or was it changed by hand?");
  }

  /**
   * Goes on where an earlier capture ended, delivering what was committed since.
   *
   * @return how continuity was proven
   */
  String resume(LogPosition from) throws IOException, SQLException, PositionLostException {
    WalHeader log = Objects.requireNonNull(from.log());
    WalHeader now = wal.header();
    if (now == null) {
      throw new PositionLostException("the write-ahead log was removed or emptied meanwhile");
    }
    if (now.pageSize() != from.pageSize()) {
      throw new PositionLostException("the page size was changed meanwhile");
    }
    if (now.sameLog(log)) {
      CommitRun known =
          scan.read(wal, LogPosition.startOf(now, 0), from.frames(), Long.MAX_VALUE / 2);
      boolean same =
          known.end().frames() == from.frames() && known.end().checksum() == from.checksum();
      if (!same || guard.published().logFrames() < from.frames()) {
        throw new PositionLostException(
            "the write-ahead log does not hold what was last captured (frame "
                + from.frames()
                + " differs)");
      }
      remember(known);
      position = from.frames() == 0 ? LogPosition.startOf(now, from.highWaterMark()) : known.end();
    } else {
      position = from;
    }
    gap = true;
    capture();
    return now.sameLog(log)
        ? "the write-ahead log still holds the last captured commit"
        : "the write-ahead log was restarted once and still held every commit before that";
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
      WalHeader before = wal.header();
      CheckpointState published = guard.published();
      if (!unchanged(before)) {
        continue;
      }
      if (before == null || position.log() == null || !before.sameLog(position.log())) {
        if (before == null) {
          if (published.logFrames() == 0 && !gap) {
            return any;
          }
          if (++unreadable > PATIENCE) {
            throw new PositionLostException("the write-ahead log lost its header");
          }
          pause();
          continue;
        }
        any |= restarted(before);
        continue;
      }
      if (published.logFrames() < position.frames()) {
        if (published.logFrames() != 0) {
          throw new PositionLostException("the write-ahead log was cut back below what was read");
        }
        // Restarted in the index, not yet in the file: the header follows with the next commit.
        if (gap) {
          any |= readTail(before);
          gap = false;
        }
        return any;
      }
      if (published.logFrames() == position.frames()) {
        gap = false;
        return any;
      }
      CommitRun run = scan.read(wal, position, published.logFrames(), gap ? GAP_BYTES : RUN_BYTES);
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
        gap = false;
        return true;
      }
    }
  }

  /** The file has another log than the one we follow. */
  private boolean restarted(WalHeader now) throws IOException, SQLException, PositionLostException {
    if (!wal.isCurrent()) {
      throw new PositionLostException("the write-ahead log was replaced by another file");
    }
    if (now.pageSize() != position.pageSize()) {
      throw new PositionLostException("the page size changed");
    }
    boolean any = gap && readTail(now);
    position = LogPosition.startOf(now, position.highWaterMark());
    index.clear();
    gap = false;
    return any;
  }

  /** Reads what the old log held behind our position, after it was restarted unseen. */
  private boolean readTail(WalHeader now) throws IOException, SQLException, PositionLostException {
    WalHeader old = position.log();
    if (old == null || position.frames() == 0 || !(now.sameLog(old) || now.follows(old))) {
      throw new PositionLostException(
          "the write-ahead log was restarted while nothing held it, more than once or unread");
    }
    CommitRun tail = scan.read(wal, position, Long.MAX_VALUE, GAP_BYTES);
    if (tail.end().bytes() - position.bytes() >= GAP_BYTES) {
      throw new PositionLostException("the log grew too fast while it was restarted");
    }
    if (!LogScan.intact(wal, position)) {
      throw new PositionLostException(
          "the write-ahead log was restarted and overwritten before it was read");
    }
    if (tail.commits() == 0) {
      return false;
    }
    requirePublished(tail, now, old);
    deliver(tail, old, 0);
    return true;
  }

  /**
   * A restart implies that every published commit was written back. If the tail's last commit is
   * not in the database file, its writer died before publishing it, and it never happened.
   */
  private void requirePublished(CommitRun tail, WalHeader now, WalHeader old)
      throws IOException, PositionLostException {
    CommitRun newer = new CommitRun(position);
    if (!now.sameLog(old)) {
      newer = scan.read(wal, LogPosition.startOf(now, 0), Long.MAX_VALUE, GAP_BYTES);
    }
    long[] rewritten = Arrays.stream(newer.newestPerPage()).map(CommitRun::page).sorted().toArray();
    FrameSource source = FrameSource.files(wal, file, old);
    ByteBuffer inLog = ByteBuffer.allocate(old.pageSize());
    ByteBuffer inFile = ByteBuffer.allocate(old.pageSize());
    for (long entry : tail.lastCommit()) {
      long page = CommitRun.page(entry);
      if (page > tail.end().highWaterMark() || Arrays.binarySearch(rewritten, page) >= 0) {
        continue;
      }
      source.read(entry, inLog.clear());
      source.read(CommitRun.pack(page, 0), inFile.clear());
      if (!inLog.flip().equals(inFile.flip())) {
        throw new PositionLostException(
            "the last transaction before the restart of the log was not written back");
      }
    }
  }

  private void deliver(CommitRun run, WalHeader log, long writtenBack)
      throws IOException, SQLException, PositionLostException {
    FrameSource source = FrameSource.files(wal, file, log);
    long[] entries = changedPages(run, source, writtenBack);
    if (gap) {
      if ((long) entries.length * log.pageSize() > 2 * GAP_BYTES) {
        throw new PositionLostException("a very large transaction fell into a restart of the log");
      }
      source = MemoryFrames.copy(entries, source, log.pageSize());
      boolean untouched =
          position.frames() == 0 ? log.sameLog(wal.header()) : LogScan.intact(wal, position);
      if (!untouched) {
        throw new PositionLostException(
            "the write-ahead log was restarted and overwritten while it was read");
      }
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
    remember(run);
    position = run.end();
  }

  /**
   * The newest version of every page that the run changed. Pages that the database grew by, or was
   * cut back to and grew by again, without writing them (free pages) have no frame in the run; what
   * they hold is what a reader finds: an older frame that is not written back yet, or the file.
   */
  private long[] changedPages(CommitRun run, FrameSource source, long writtenBack)
      throws IOException {
    long mark = run.end().highWaterMark();
    int pageSize = run.end().pageSize();
    long lockPage = SqliteHeader.lockPage(pageSize);
    long[] framed =
        Arrays.stream(run.newestPerPage())
            .filter(e -> CommitRun.page(e) <= mark && CommitRun.page(e) != lockPage)
            .toArray();
    long grownFrom = Math.min(position.highWaterMark(), run.leastMark()) + 1;
    int at = firstAtOrAfter(framed, grownFrom);
    if (framed.length - at == mark - grownFrom + 1 || grownFrom > mark) {
      return framed;
    }
    long[] all = Arrays.copyOf(framed, framed.length + 64);
    int count = at;
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    for (long id = grownFrom; id <= mark; id++) {
      long entry;
      if (at < framed.length && CommitRun.page(framed[at]) == id) {
        entry = framed[at++];
      } else if (id == lockPage) {
        continue;
      } else {
        long frame = index.get(id);
        entry = CommitRun.pack(id, frame > writtenBack ? frame : 0);
        source.read(entry, page.clear());
        if (id > position.highWaterMark() && isZero(page.array())) {
          continue;
        }
      }
      if (count == all.length) {
        all = Arrays.copyOf(all, all.length * 2);
      }
      all[count++] = entry;
    }
    return Arrays.copyOf(all, count);
  }

  private static int firstAtOrAfter(long[] entries, long page) {
    int at = entries.length;
    while (at > 0 && CommitRun.page(entries[at - 1]) >= page) {
      at--;
    }
    return at;
  }

  private static boolean isZero(byte[] page) {
    for (byte b : page) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void remember(CommitRun run) {
    for (long entry : run.inLogOrder()) {
      index.put(CommitRun.page(entry), CommitRun.frameOf(entry));
    }
  }

  private boolean unchanged(@Nullable WalHeader before) throws IOException {
    WalHeader after = wal.header();
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
