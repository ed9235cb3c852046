package dev.stream.source.sqlite;

import dev.stream.api.database.FollowedCopy;
import dev.stream.api.database.PageFrames;
import dev.stream.api.file.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A followed copy that is changed as SQLite changes a database in rollback mode: its locks are
 * taken by SQLite, the journal and the pages are written here. Readers need nothing but SQLite.
 */
final class SqliteCopy implements FollowedCopy {

  /** Where a change may be cut short; for tests. */
  enum Step {
    NOTED,
    LOCKED,
    ARMED,
    WRITING,
    WRITTEN,
    CUT,
    DURABLE,
    DONE
  }

  /** Told of each step. */
  @FunctionalInterface
  interface Steps {
    void reached(Step step) throws IOException;
  }

  private static final int LARGEST_STEP = 1 << 16;

  private final Path path;
  private final CopyLedger ledger;
  private final Steps steps;
  private @Nullable CopyFile file;
  private @Nullable Connection connection;
  private @Nullable CopyState state;
  private boolean readable;

  private SqliteCopy(Path path, Steps steps) {
    this.path = path;
    this.ledger = new CopyLedger(path);
    this.steps = steps;
  }

  static SqliteCopy at(Path copy, Steps steps) throws IOException {
    Path absolute = copy.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || absolute.getFileName() == null) {
      throw new IOException(copy + " is in no folder; name the file that is to be the copy");
    }
    // SQLite looks for the journal beside the file itself, not beside a link to it.
    Path real =
        Files.exists(absolute)
            ? absolute.toRealPath()
            : folder.toRealPath().resolve(absolute.getFileName());
    return new SqliteCopy(real, steps);
  }

  @Override
  public boolean isStranger() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !ledger.exists();
  }

  @Override
  public boolean isChangeable() {
    return readable && ledger.exists();
  }

  @Override
  public @Nullable String note() throws IOException {
    state = null;
    readable = false;
    Files.deleteIfExists(RollbackJournal.staging(path));
    if (!Files.exists(path) || !ledger.exists()) {
      return null;
    }
    CopyFile opened = open();
    readable = repair();
    if (!readable) {
      return null;
    }
    byte[] header = opened.header();
    for (CopyState noted : ledger.read()) {
      if (noted.counter() == CopyHeader.counter(header)
          && noted.length() == opened.length()
          && Arrays.equals(noted.shown(), header)) {
        state = noted;
        return noted.note();
      }
    }
    return null;
  }

  /** Has SQLite undo what an interrupted change left; false if it cannot read the file at all. */
  private boolean repair() throws IOException {
    requireRollbackMode();
    try (Statement statement = connection().createStatement()) {
      statement.execute("PRAGMA busy_timeout=" + Connections.BUSY_TIMEOUT_MS);
      // Reads the first page and nothing else: what is wrong further on can be changed.
      statement.execute("PRAGMA schema_version");
      return true;
    } catch (SQLException e) {
      if (Connections.isDamage(e)) {
        letGo();
        return false;
      }
      throw Connections.explain("cannot read the copy", path, e);
    }
  }

  private void requireRollbackMode() throws IOException {
    boolean log = Files.exists(path.resolveSibling(path.getFileName() + "-wal"));
    if (!Files.exists(RollbackJournal.journal(path))
        && (log || CopyHeader.inWalMode(open().header()))) {
      throw new IOException(
          path
              + " is in WAL mode: somebody has switched it, and writes to it. A copy is only for"
              + " reading. Remove it, "
              + path.getFileName()
              + "-wal, -shm and "
              + ledger.file().getFileName()
              + ", and begin anew");
    }
  }

  @Override
  public void begin(Path proven, String note) throws IOException {
    CopyFile first = CopyFile.at(proven.toRealPath());
    byte[] captured = first.header();
    CopyState begun;
    if (captured.length == 0) {
      begun = CopyState.of(0, 512, 0, captured, note);
    } else {
      int pageSize = SqliteHeader.parse(proven, captured, first.length()).pageSize();
      int counter = nextCounter(CopyHeader.counter(captured));
      begun = CopyState.of(counter, pageSize, first.length() / pageSize, captured, note);
      first.write(0, begun.shown(), SqliteHeader.BYTES);
    }
    first.sync();
    letGo();
    FileLock lock = Files.exists(path) ? lockFormer() : null;
    try {
      for (String companion : List.of("-wal", "-shm", "-journal")) {
        Files.deleteIfExists(path.resolveSibling(path.getFileName() + companion));
      }
      ledger.write(List.of(begun));
      Files.move(proven, path, StandardCopyOption.ATOMIC_MOVE);
      Folders.sync(Folders.of(path));
    } finally {
      if (lock != null) {
        lock.release();
      }
    }
    state = begun;
    readable = true;
  }

  /** Sees to it that nobody has, or opens, the file that is about to be replaced. */
  private FileLock lockFormer() throws IOException {
    FileLock lock = CopyFile.at(path).tryLock();
    if (lock == null) {
      throw new IOException(
          path
              + " is open in another process, which has locked it; it is as it was. Stop that"
              + " process first, or name another file");
    }
    return lock;
  }

  @Override
  public void read(int pageSize, long firstPageId, int count, ByteBuffer target)
      throws IOException {
    CopyFile opened = open();
    byte[] bytes = new byte[Math.multiplyExact(count, pageSize)];
    long at = (firstPageId - 1) * pageSize;
    int there = (int) Math.max(0, Math.min(bytes.length, opened.length() - at));
    opened.read(at, bytes, 0, there);
    CopyState known = state;
    if (firstPageId == 1 && known != null && known.pages() > 0) {
      System.arraycopy(known.captured(), 0, bytes, 0, SqliteHeader.BYTES);
    }
    target.put(bytes);
  }

  @Override
  public Outcome change(
      int pageSize, long highWaterMark, PageFrames changes, String note, Duration patience)
      throws IOException {
    CopyFile opened = open();
    CopyState old = state == null ? unknown(opened) : state;
    try (RollbackJournal journal = RollbackJournal.begin(path, old.pageSize(), old.pages())) {
      byte[] captured = save(opened, old, journal, changes, pageSize, highWaterMark);
      CopyState next =
          highWaterMark == 0
              ? CopyState.of(0, pageSize, 0, new byte[0], note)
              : CopyState.of(nextCounter(old.counter()), pageSize, highWaterMark, captured, note);
      journal.complete();
      keepRights(RollbackJournal.staging(path));
      ledger.write(state == null ? List.of(next) : List.of(old, next));
      steps.reached(Step.NOTED);
      if (!lock(patience)) {
        return Outcome.BUSY;
      }
      try {
        return change(opened, old, next, journal, changes);
      } finally {
        unlock();
      }
    }
  }

  /** With everybody else locked out. */
  private Outcome change(
      CopyFile opened, CopyState old, CopyState next, RollbackJournal journal, PageFrames changes)
      throws IOException {
    steps.reached(Step.LOCKED);
    if (!opened.isAt(path)
        || opened.length() / old.pageSize() != old.pages()
        || CopyHeader.counter(opened.header()) != old.counter()) {
      return Outcome.FOREIGN;
    }
    state = null; // Until it is known again: a failure may leave either.
    journal.arm();
    steps.reached(Step.ARMED);
    write(opened, next, changes);
    steps.reached(Step.WRITTEN);
    opened.resize(next.length());
    steps.reached(Step.CUT);
    opened.sync();
    steps.reached(Step.DURABLE);
    journal.disarm();
    state = next;
    steps.reached(Step.DONE);
    return Outcome.CHANGED;
  }

  /**
   * Saves the old bytes of all that the changes touch.
   *
   * @return the header of the new state, as captured
   */
  private static byte[] save(
      CopyFile opened,
      CopyState old,
      RollbackJournal journal,
      PageFrames changes,
      int pageSize,
      long highWaterMark)
      throws IOException {
    PageSaver saver = new PageSaver(opened, journal, old.pageSize());
    saver.save(1, 1); // It changes each time: the counter is in it.
    byte[][] header = {old.captured()};
    changes.forEach(
        frame -> {
          if (frame.id() == 1) {
            header[0] = new byte[SqliteHeader.BYTES];
            frame.data().get(frame.data().position(), header[0]);
          }
          saver.saveBytes((frame.id() - 1) * pageSize, frame.lastId() * pageSize);
        });
    saver.saveBytes(highWaterMark * pageSize, old.length());
    if (highWaterMark > 0 && header[0].length == 0) {
      throw new IllegalArgumentException("the first page is not among the changes");
    }
    return header[0];
  }

  private void write(CopyFile opened, CopyState next, PageFrames changes) throws IOException {
    byte[] shown = next.shown();
    changes.forEach(
        frame -> {
          ByteBuffer data = frame.data();
          byte[] bytes = new byte[data.remaining()];
          data.get(data.position(), bytes);
          if (frame.id() == 1) {
            System.arraycopy(shown, 0, bytes, 0, shown.length);
          }
          opened.write((frame.id() - 1) * next.pageSize(), bytes, bytes.length);
          steps.reached(Step.WRITING);
        });
    opened.write(0, shown, shown.length);
  }

  /** Raised by more than one, so that what others write cannot lead to the same. */
  private static int nextCounter(int counter) {
    int next = counter + 2 + ThreadLocalRandom.current().nextInt(LARGEST_STEP);
    return next == 0 ? 1 : next;
  }

  /** What a file is that is in no known state. */
  private CopyState unknown(CopyFile opened) throws IOException {
    byte[] header = opened.header();
    if (header.length == 0) {
      return CopyState.of(0, 512, 0, header, "");
    }
    requireRollbackMode();
    int pageSize = SqliteHeader.parse(path, header, opened.length()).pageSize();
    return CopyState.of(
        CopyHeader.counter(header), pageSize, opened.length() / pageSize, header, "");
  }

  private void keepRights(Path made) throws IOException {
    PosixFileAttributeView to = Files.getFileAttributeView(made, PosixFileAttributeView.class);
    if (to != null) {
      // A reader who may write the copy has to be able to undo a change whose author died.
      to.setPermissions(Files.getPosixFilePermissions(path));
    }
  }

  private boolean lock(Duration patience) throws IOException {
    try (Statement statement = connection().createStatement()) {
      statement.execute("PRAGMA busy_timeout=" + patience.toMillis());
      statement.execute("BEGIN EXCLUSIVE");
      return true;
    } catch (SQLException e) {
      if (Connections.isBusy(e)) {
        return false;
      }
      throw Connections.explain("cannot lock the copy", path, e);
    }
  }

  private void unlock() throws IOException {
    try (Statement statement = connection().createStatement()) {
      statement.execute("ROLLBACK"); // SQLite itself has written nothing.
    } catch (SQLException e) {
      throw Connections.explain("cannot unlock the copy", path, e);
    }
  }

  private CopyFile open() throws IOException {
    CopyFile opened = file;
    if (opened == null || !opened.isAt(path)) {
      letGo();
      opened = CopyFile.at(path);
      file = opened;
    }
    return opened;
  }

  private Connection connection() throws IOException {
    Connection open = connection;
    if (open == null) {
      try {
        open = Connections.open(path);
      } catch (SQLException e) {
        throw Connections.explain("cannot open the copy", path, e);
      }
      connection = open;
    }
    return open;
  }

  private void letGo() throws IOException {
    file = null;
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        throw Connections.explain("cannot close the copy", path, e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    letGo();
  }
}
