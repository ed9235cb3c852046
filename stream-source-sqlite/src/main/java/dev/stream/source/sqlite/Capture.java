package dev.stream.source.sqlite;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One database being captured: what is open, how capture begins, and how it begins anew when the
 * position is lost. For use by one thread at a time, images excepted.
 */
final class Capture implements AutoCloseable {

  private final Path path;
  private final PageFlushObserver observer;
  private final AtomicInteger imagesOpen = new AtomicInteger();

  private @Nullable LogGuard guard;
  private @Nullable WalFile wal;
  private @Nullable DatabaseFile file;
  private @Nullable LogFollower follower;
  private @Nullable Checkpointer checkpointer;
  private long txId;
  private @Nullable String pendingReason;
  private int mishaps;

  /**
   * @param path real path of the database file
   */
  Capture(Path path, PageFlushObserver observer) {
    this.path = path;
    this.observer = observer;
  }

  /** Begins; on return the observer has its base. */
  void start(@Nullable ResumePosition resume) throws IOException {
    try {
      WalChecksum.warmUp();
      txId = resume == null ? 0 : resume.txId();
      open();
      Continuity continuity;
      try {
        continuity = proveContinuity(resume);
      } catch (PositionLostException e) {
        continuity = Continuity.lost(e.reason());
      }
      if (continuity.proven()) {
        observer.onBase(image(), continuity);
      } else {
        baseAnew(continuity.reason());
      }
    } catch (SQLException e) {
      throw Connections.explain("cannot capture", path, e);
    } catch (PositionLostException e) {
      throw new IOException("cannot capture " + path + ": " + e.reason(), e);
    }
  }

  private Continuity proveContinuity(@Nullable ResumePosition resume)
      throws IOException, SQLException, PositionLostException {
    if (resume == null) {
      return Continuity.lost("nothing was captured before");
    }
    Optional<LogPosition> from = LogPosition.parse(resume.token());
    if (from.isEmpty()) {
      return Continuity.lost("the write-ahead log held nothing to compare when capture ended");
    }
    return Continuity.proven(following().resume(from.get()));
  }

  /**
   * Delivers what is committed and keeps the log short.
   *
   * @param quietNanos for how long nothing was committed
   * @return whether anything was delivered
   */
  boolean poll(long quietNanos) throws IOException {
    try {
      if (pendingReason != null) {
        reopen(pendingReason);
        return true;
      }
      try {
        if (guard != null && !guard.ensurePinned()) {
          following().unpinned();
        }
        long start = System.nanoTime();
        boolean any = following().capture();
        if (checkpointer != null) {
          checkpointer.run(System.nanoTime() - start, any ? 0 : quietNanos, imagesOpen.get() > 0);
        }
        return any;
      } catch (PositionLostException e) {
        if (following().isUnproven()) {
          mishaps++;
        }
        pendingReason = e.reason();
        reopen(e.reason());
        return true;
      }
    } catch (SQLException e) {
      following().unpinned();
      throw Connections.explain("cannot follow the write-ahead log of", path, e);
    }
  }

  /**
   * Looks whether the path still leads to the file being captured.
   *
   * @return what an operator should know, or null
   */
  @Nullable String lookForReplacement() throws IOException {
    if (file == null || file.isCurrent()) {
      return null;
    }
    if (!Files.exists(path)) {
      return "the database file "
          + path
          + " is gone; what was committed before is safe. Restore it, or put a database in its"
          + " place: Stream goes on with a new generation then";
    }
    pendingReason = "the database file was replaced by another one";
    return null;
  }

  /** What was captured last may be wrong or incomplete: the next look starts anew. */
  void doubt(String reason) {
    pendingReason = reason;
  }

  /** The newest commit, pinned; everything up to it has been delivered. */
  DatabaseImage image() throws IOException, PositionLostException {
    return image(() -> following().capture());
  }

  /** Brings the follower to the commit that an image is to show, after the image's pin is taken. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException, SQLException, PositionLostException;
  }

  private DatabaseImage image(Step reachCommit) throws IOException, PositionLostException {
    ReadPin pin = null;
    WalFile log = null;
    imagesOpen.incrementAndGet();
    try {
      pin = new ReadPin(path);
      pin.take(guard == null ? null : guard.index());
      // Only now: what is written back while the pin is held must not be newer than the image.
      reachCommit.run();
      log = WalFile.open(following().walPath());
      LogFollower at = following();
      return new SqliteImage(
          at.txId(),
          at.position(),
          at.index().copy(),
          Objects.requireNonNull(file),
          log,
          pin,
          imagesOpen::decrementAndGet);
    } catch (SQLException e) {
      release(pin, log);
      throw Connections.explain("cannot take an image of", path, e);
    } catch (IOException | PositionLostException | RuntimeException e) {
      release(pin, log);
      throw e;
    }
  }

  private void release(@Nullable ReadPin pin, @Nullable WalFile log) throws IOException {
    imagesOpen.decrementAndGet();
    try (log;
        pin) {
      // Only closes what was opened so far.
    } catch (SQLException e) {
      throw Connections.explain("cannot release the image of", path, e);
    }
  }

  private void reopen(String reason) throws IOException, SQLException {
    if (follower != null) {
      txId = Math.max(txId, follower.txId());
    }
    close();
    open();
    try {
      baseAnew(reason);
      pendingReason = null;
    } catch (PositionLostException e) {
      throw new IOException("cannot capture " + path + ": " + e.reason(), e);
    }
  }

  /** Whatever happened since the last flush counts as one transaction. */
  private void baseAnew(String reason) throws IOException, SQLException, PositionLostException {
    txId = Math.max(txId, following().txId());
    long base = txId + 1;
    observer.onBase(image(() -> following().startAnew(base)), Continuity.lost(reason));
    txId = following().txId();
  }

  private void open() throws IOException, SQLException {
    file = DatabaseFile.at(path);
    file.header();
    ensureWal();
    guard = LogGuard.open(path);
    wal = WalFile.open(path.resolveSibling(path.getFileName() + "-wal"));
    follower = new LogFollower(guard, wal, file, observer, txId);
    checkpointer = new Checkpointer(guard, follower, mishaps, observer::onNotice);
  }

  private void ensureWal() throws IOException {
    try (Connection connection = Connections.open(path)) {
      String mode = Connections.queryString(connection, "PRAGMA journal_mode");
      if (mode.equalsIgnoreCase("wal")) {
        return;
      }
      String now = Connections.queryString(connection, "PRAGMA journal_mode=WAL");
      if (!now.equalsIgnoreCase("wal")) {
        throw new IOException(
            path + " cannot be switched to WAL mode (it stays in mode " + now + ")");
      }
      observer.onNotice(path + " was in journal mode " + mode + " and is now in WAL mode");
    } catch (SQLException e) {
      throw Connections.explain("cannot switch to WAL mode:", path, e);
    }
  }

  private LogFollower following() {
    if (follower == null) {
      throw new IllegalStateException("capture of " + path + " is not open");
    }
    return follower;
  }

  @Override
  public void close() throws IOException {
    WalFile log = wal;
    LogGuard pins = guard;
    wal = null;
    guard = null;
    try (log;
        pins) {
      checkpointer = null;
    } catch (SQLException e) {
      throw Connections.explain("cannot close", path, e);
    }
  }
}
