package dev.stream.core.seal;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.capture.Capture;
import dev.stream.core.retry.Backoff;
import dev.stream.core.retry.Retry;
import dev.stream.core.schedule.Episode;
import dev.stream.core.schedule.Task;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SealedState;
import dev.stream.core.shadow.SegmentSealer;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals closed logs in order, as a task of its own; closes the active one when it is due. */
public final class SealingLoop {

  private static final Logger LOG = LoggerFactory.getLogger(SealingLoop.class);
  private static final long LAST_ATTEMPTS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private final Capture capture;
  private final SegmentSealer sealer;
  private final SealingPace pace;
  private final SealingEvents events;
  private final Task task;
  private final Episode episode = new Episode();

  // Held while a log is sealed, and while an image is fixed: no segment may end after the image's
  // transaction before that is known, or the snapshot would lie within the segment.
  private final ReentrantLock order = new ReentrantLock(true);
  private final ImageBoundaries images = new ImageBoundaries();

  private final Deque<ClosedLog> queue = new ArrayDeque<>();
  private @Nullable GenerationId generation;
  private @Nullable SealedState sealed;
  private long handedOverTxId = -1;
  private long dueAt;
  private boolean pending;
  private boolean now;
  private boolean stopping;
  private boolean stopped;

  public SealingLoop(
      Capture capture, SegmentSealer sealer, Duration interval, SealingEvents events, Tasks tasks) {
    this.capture = capture;
    this.sealer = sealer;
    this.pace = new SealingPace(interval, System.nanoTime());
    this.events = events;
    this.task = tasks.add("stream-seal", this::work);
  }

  /** The active log has something. */
  public synchronized void appended() {
    if (!pending) {
      pending = true;
      dueAt = pace.dueAt(System.nanoTime());
      task.wakeBy(dueAt);
    }
    pace.delivered();
  }

  /** There are commits that will be appended. */
  public synchronized void putOff() {
    pace.putOff(System.nanoTime());
  }

  public synchronized void enqueue(ClosedLog log) {
    queue.add(log);
    task.wake();
  }

  /** Logs from here on belong to this generation, and build on this state of this time. */
  public synchronized void began(
      GenerationId newGeneration, DatabaseState base, CommitClock clock) {
    if (!newGeneration.equals(generation)) {
      sealer.began(newGeneration, clock);
      images.clear();
      generation = newGeneration;
      sealed =
          new SealedState(base, Objects.requireNonNullElse(sealer.clock(newGeneration), clock));
      handedOverTxId = base.txId();
      notifyAll();
    }
  }

  /** The last transaction of the current generation that is in a segment or below the first. */
  public synchronized long sealedTxId() {
    return sealed == null ? -1 : sealed.txId();
  }

  /**
   * The last transaction of the current generation up to which everybody who has to know the
   * segments knows them. For a moment it is less than {@link #sealedTxId}, never more.
   */
  public synchronized long handedOverTxId() {
    return handedOverTxId;
  }

  /** The logs that wait, oldest first. */
  public synchronized List<ClosedLog> waiting() {
    return List.copyOf(queue);
  }

  public long waitingBytes() {
    return waiting().stream().mapToLong(ClosedLog::length).sum();
  }

  /** When the oldest commit that is in no segment was captured; null if all are. */
  public @Nullable Instant unsealedSince() {
    Instant active = capture.unsealedSince(); // first: from there it moves into the queue
    synchronized (this) {
      for (ClosedLog log : queue) {
        if (log.generation().equals(generation)) {
          return log.firstCommitAt();
        }
      }
    }
    return active;
  }

  public @Nullable String error() {
    return episode.error();
  }

  /** Fixes an image of the newest commit, at whose transaction a segment will end. */
  public DatabaseImage fixImage(PagedDatabase database) throws IOException {
    order.lock();
    try {
      DatabaseImage image = capture.image(database);
      synchronized (this) {
        images.fixed(image.txId(), sealed);
        if (generation != null) {
          events.cut(generation, image.txId());
        }
      }
      return image;
    } finally {
      order.unlock();
    }
  }

  /** Does something while no log is sealed. */
  public <T> T paused(Retry.Operation<T> action) throws IOException {
    order.lock();
    try {
      return action.run();
    } finally {
      order.unlock();
    }
  }

  /**
   * Waits until everything up to a transaction is in segments.
   *
   * @return the state at that transaction; null if the generation ended, the loop stopped, the time
   *     is up, or no segment ends there
   */
  public @Nullable SealedState sealedThrough(
      GenerationId ofGeneration, long txId, long timeoutNanos) throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    synchronized (this) {
      now = true;
      task.wake();
      while (!stopped && ofGeneration.equals(generation)) {
        SealedState last = sealed;
        if (last != null && last.txId() >= txId) {
          return last.txId() == txId ? last : images.at(txId);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return null;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return null;
    }
  }

  /** Begins to seal. */
  public void start() {
    task.start();
  }

  /** Seals what there is and ends. */
  public synchronized void stop() {
    stopping = true;
    task.wakeNow();
  }

  /**
   * Waits until nothing is sealed any more.
   *
   * @param deadlineNanos until when, as {@link System#nanoTime} counts
   */
  public void awaitEnd(long deadlineNanos) throws InterruptedException {
    boolean ignored = task.awaitEnd(deadlineNanos);
  }

  private long work() {
    ClosedLog log = null;
    try {
      synchronized (this) {
        long wait = nanosLeft();
        if (wait > 0) {
          return wait;
        }
        log = queue.peek();
      }
      if (log != null) {
        seal(log);
      } else if (closeActive()) {
        return ended();
      }
      return Task.NOW;
    } catch (IOException | RuntimeException | Error e) {
      return failed(log, e);
    }
  }

  /** Until there is something to do. */
  private long nanosLeft() {
    if (!queue.isEmpty() || stopping || now) {
      return 0;
    }
    return pending ? Math.max(0, dueIn()) : Task.NEVER;
  }

  /** Has the active log closed, so that it waits here; returns whether there will be no more. */
  private boolean closeActive() {
    boolean last;
    synchronized (this) {
      pending = false;
      now = false;
      pace.closed(System.nanoTime());
      last = stopping;
    }
    capture.rotate(); // without our lock: capture calls back with its own
    return last && waiting().isEmpty();
  }

  private long ended() {
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    return Task.END;
  }

  private long dueIn() {
    return dueAt - System.nanoTime();
  }

  private void seal(ClosedLog log) throws IOException {
    try {
      order.lock();
      try {
        sealer.seal(log, sealedTxId(log), images.cuts(), this::sealed);
        remove(log); // before "paused" returns, or it would still look as if something waited
      } finally {
        order.unlock();
      }
    } catch (SegmentSealer.DamagedLogException e) {
      LOG.error("{}; its commits cannot be replicated. A new generation begins", e.getMessage());
      lose(log, "" + e.getMessage());
      return;
    }
    if (episode.succeeded()) {
      LOG.info("sealing works again; the backlog is {} log(s)", waiting().size());
    }
  }

  /** Whatever a plug-in throws, what waits is sealed when it works again. */
  private long failed(@Nullable ClosedLog log, Throwable failure) {
    String what = log == null ? "the active log" : "" + log.file();
    if (episode.failed("cannot seal " + what + ": " + failure)) {
      LOG.error(
          "cannot seal {}: {}; replicas get nothing newer than transaction"
              + " {}. Stream tries again; if the disk is full, make room",
          what,
          failure.toString(),
          log == null ? sealedTxId() : log.parentTxId());
    }
    synchronized (this) {
      if (stopping && episode.failures() > 3) {
        return ended(); // the log is sealed at the next start
      }
      if (log == null) {
        now = true; // it was not closed, and may have something yet
      }
      return stopping ? LAST_ATTEMPTS_NANOS : task.retryAfter(BACKOFF, episode.failures());
    }
  }

  private synchronized long sealedTxId(ClosedLog log) {
    SealedState last = sealed;
    return last != null && log.generation().equals(generation) ? last.txId() : log.parentTxId();
  }

  private void sealed(SealedArtefact segment, SealedState after) {
    synchronized (this) {
      if (segment.generation().equals(generation)) {
        sealed = after;
        images.sealed(after);
      }
      notifyAll();
    }
    events.sealed(segment);
    synchronized (this) {
      if (segment.generation().equals(generation)) {
        handedOverTxId = segment.lastTxId();
      }
    }
  }

  private synchronized void remove(ClosedLog log) {
    queue.remove(log);
    notifyAll();
  }

  /** A lost log leaves a hole: what comes after it in its generation must not follow. */
  private void lose(ClosedLog log, String reason) {
    events.logLost(log.generation(), reason);
    for (ClosedLog other : waiting()) {
      if (other.generation().equals(log.generation())) {
        remove(other);
        try {
          Files.deleteIfExists(other.file());
        } catch (IOException e) {
          LOG.warn("{} could not be removed: {}", other.file(), e.toString());
        }
      }
    }
  }
}
