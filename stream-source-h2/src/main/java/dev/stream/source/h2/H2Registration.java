package dev.stream.source.h2;

import dev.stream.api.database.OpenObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observer that waits for a store to be opened, or observes it. Safe for use by several threads.
 */
public final class H2Registration implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(H2Registration.class);

  /** How long a store may stay unopened before that is told. */
  private static final Duration PATIENCE =
      Duration.ofSeconds(Long.getLong("dev.stream.source.h2.patience", 60));

  private final StoreFile file;
  private final OpenObserver observer;
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable AutoCloseable capture; // changed with the file's opening lock held

  private volatile boolean opened;
  private volatile boolean closed;

  H2Registration(StoreFile file, OpenObserver observer) {
    this.file = file;
    this.observer = observer;
    Executor later = CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    later.execute(this::stillWaiting);
  }

  /** A URL without the scheme opens the same file, and nobody would notice. */
  private void stillWaiting() {
    if (!opened && !closed) {
      LOG.warn(
          "{} has not been opened under stream: within {} s of its registration, so nothing is"
              + " captured yet. If the application has it open, its URL lacks the scheme: for a"
              + " database it is jdbc:h2:stream:FILE (FILE without .mv.db), for an MVStore"
              + " stream:FILE",
          path(),
          PATIENCE.toSeconds());
    }
  }

  OpenObserver observer() {
    return observer;
  }

  /** The store's file, with symbolic links resolved. */
  public Path path() {
    return file.path();
  }

  /** Whether the store is open and its observer captures it. */
  public boolean isAttached() {
    return capture != null;
  }

  /**
   * How often the observer failed to take what was handed to it, since it was registered. A commit
   * never fails for that; see the log for the reasons.
   */
  public long failures() {
    return failures.get();
  }

  /** Begins capture. With the file's opening lock held. */
  void attach() throws IOException {
    opened = true;
    H2Database database = new H2Database(StoreFiles.use(file.path()), failures);
    try {
      capture = observer.opened(database);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
    if (!database.isStarted()) {
      LOG.warn("{}: its observer {} has not started capture", path(), observer);
    }
  }

  /** Ends capture, if it has begun. With the file's opening lock held. */
  void detach() {
    AutoCloseable ending = capture;
    capture = null;
    if (ending != null) {
      try {
        ending.close();
      } catch (Exception e) {
        LOG.warn("{}: its observer {} could not be closed", path(), observer, e);
      }
    }
  }

  /**
   * Takes the observer off the registry, ending capture if it has begun; the store stays open.
   * Returns once the observer has ended. Repeatable.
   */
  @Override
  public void close() {
    closed = true;
    if (isAttached()) {
      LOG.warn(
          "{} is still open, and its registration is closed: commits from now on are not captured."
              + " If they should be, close the database first (a connection, DB_CLOSE_DELAY or an"
              + " MVStore keeps it open), then the registration",
          path());
    }
    if (file.unregister(this)) {
      StoreFiles.release(file);
    }
  }

  @Override
  public String toString() {
    return "observer of " + path() + (isAttached() ? ", capturing" : ", waiting");
  }
}
