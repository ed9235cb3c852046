package dev.stream.source.bolt;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bolt file that a program on this machine writes, captured by looking at it: every 10 ms while
 * there are commits that are read at once, every 50 ms otherwise; what is seen is read when {@link
 * ReadingPace} says so. Whoever holds the lock does the work, so that the observer is called by one
 * thread at a time.
 */
final class BoltDatabase implements PagedDatabase {

  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long TROUBLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STARVED_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LOOK_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long ASKED_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * Reading all of a file takes a fifth of the time at most: so many times as long as it took,
   * there is none.
   */
  private static final int DISTANCE = 4;

  private final DatabaseInfo info;
  private final Attempts attempts;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition wake = lock.newCondition();
  private @Nullable FileCapture capture; // with the lock held
  private @Nullable PageFlushObserver observer; // with the lock held
  private ReadingPace pace = new ReadingPace(Duration.ZERO, 0); // with the lock held
  private long readingNanos; // with the lock held
  private @Nullable Thread thread; // with the lock held
  private boolean closed; // with the lock held
  private @Nullable String trouble; // with the lock held
  private long troubleAt; // with the lock held
  private long starvedSince; // with the lock held
  private boolean starving; // with the lock held

  BoltDatabase(DatabaseInfo info, Attempts attempts) {
    this.info = info;
    this.attempts = attempts;
  }

  @Override
  public DatabaseInfo info() {
    return info;
  }

  @Override
  public void start(@Nullable ResumePosition resume, PageFlushObserver takes) throws IOException {
    lock.lock();
    try {
      if (closed || thread != null) {
        throw new IllegalStateException("capture of " + info.path() + " was started before");
      }
      FileCapture started =
          resume == null
              ? new FileCapture(attempts, takes, 0, "nothing was captured before")
              : new FileCapture(
                  attempts,
                  takes,
                  resume.txId(),
                  "a bolt file has no log that would tell what was written while Stream did not run");
      pace = new ReadingPace(takes.deliveryDelay(), System.nanoTime());
      var unused = read(started, ASKED_PATIENCE_NANOS, () -> false);
      capture = started;
      observer = takes;
      Thread follower = new Thread(this::follow, "stream-bolt-" + info.path().getFileName());
      follower.setDaemon(true);
      thread = follower;
      follower.start();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public DatabaseImage snapshot() throws IOException {
    lock.lock();
    try {
      DatabaseImage image = running().image(ASKED_PATIENCE_NANOS);
      letGoIfOfNoUse();
      return image;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sync() throws IOException {
    lock.lock();
    try {
      var unused = read(running(), ASKED_PATIENCE_NANOS, () -> false);
      looked();
    } finally {
      lock.unlock();
    }
  }

  private FileCapture running() throws IOException {
    FileCapture started = capture;
    if (started == null || closed) {
      throw new IOException("capture of " + info.path() + " is not running");
    }
    return started;
  }

  private void follow() {
    long wait = BUSY_NANOS;
    lock.lock();
    try {
      while (!closed) {
        var unused = wake.awaitNanos(wait);
        if (!closed && capture != null) {
          wait = look(capture, wait);
        }
      }
    } catch (InterruptedException e) {
      // Nobody but the machine that ends does this; close delivers what is left.
    } finally {
      lock.unlock();
    }
  }

  /** Looks once; returns how long to wait until the next look. */
  private long look(FileCapture started, long waited) {
    long began = System.nanoTime();
    PageFlushObserver takes = observer;
    try {
      boolean any = read(started, LOOK_PATIENCE_NANOS, () -> pace.putsOff(began));
      if (takes != null && started.hasPutOff()) {
        takes.onPutOff();
        return Math.min(IDLE_NANOS, pace.untilDueNanos(began));
      }
      looked();
      // Where the program holds the last state, what is new was read already.
      long distance = attempts.isFollowing() ? 0 : DISTANCE * readingNanos;
      return Math.max(any ? BUSY_NANOS : Math.min(IDLE_NANOS, waited + BUSY_NANOS), distance);
    } catch (MovedOnException e) {
      if (!starving) {
        starving = true;
        starvedSince = began;
      }
      if (System.nanoTime() - starvedSince >= STARVED_NANOS) {
        troubled(e.getMessage());
      }
      return Math.min(LONGEST_WAIT_NANOS, 2 * Math.max(waited, TROUBLE_NANOS));
    } catch (IOException e) {
      troubled(e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (RuntimeException | Error e) {
      // A fault of ours or of the observer's: capture must neither end unseen nor go on wrongly.
      started.doubt("capture failed unexpectedly (" + e + ")");
      troubled("capture failed unexpectedly: " + e);
    }
    return TROUBLE_NANOS;
  }

  /** Delivers what is committed, and learns from that how it is read best. */
  private boolean read(FileCapture from, long patienceNanos, BooleanSupplier later)
      throws IOException {
    long began = System.nanoTime();
    var unused = attempts.restedNanos();
    long before = from.txId();
    boolean any = from.deliver(patienceNanos, later);
    if (from.hasPutOff()) {
      return false;
    }
    long now = System.nanoTime();
    readingNanos = now - began - attempts.restedNanos();
    long movingNanos = attempts.movingNanos();
    if (from.hasBegunAnew()) {
      pace.began(from.bytes(), now);
    } else if (any) {
      pace.read(attempts.hasOverlapped(), from.txId() - before, readingNanos + movingNanos, now);
    } else {
      pace.nothingNew();
    }
    letGoIfOfNoUse();
    return any;
  }

  private void letGoIfOfNoUse() throws IOException {
    if (!pace.isWorthHolding()) {
      attempts.letGo();
    }
  }

  private void looked() {
    PageFlushObserver takes = observer;
    if (takes != null) {
      String notice = attempts.notice();
      if (notice != null) {
        takes.onNotice(notice);
      }
      starving = false;
      takes.onLooked();
      if (trouble != null) {
        trouble = null;
        takes.onRecovered();
      }
    }
  }

  private void troubled(@Nullable String message) {
    long now = System.nanoTime();
    PageFlushObserver takes = observer;
    if (takes != null
        && message != null
        && (!message.equals(trouble) || now - troubleAt >= REPEAT_NANOS)) {
      trouble = message;
      troubleAt = now;
      takes.onTrouble(message);
    }
  }

  @Override
  public void close() throws IOException {
    stop(true);
  }

  /** Ends capture as a killed process would, without a last delivery. */
  void abandon() throws IOException {
    stop(false);
  }

  private void stop(boolean deliver) throws IOException {
    Thread running;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      running = thread;
      if (deliver && capture != null) {
        try {
          var unused = read(running(), ASKED_PATIENCE_NANOS, () -> false);
          capture.end();
          looked();
        } catch (IOException e) {
          troubled("what was committed last could not be captured: " + e.getMessage());
        }
      }
      closed = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
    if (running != null) {
      try {
        running.join(TimeUnit.SECONDS.toMillis(30));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    attempts.close();
  }
}
