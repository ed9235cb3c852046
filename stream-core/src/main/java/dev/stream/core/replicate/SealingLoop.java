package dev.stream.core.replicate;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.retry.Backoff;
import dev.stream.core.retry.Retry;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SealedState;
import dev.stream.core.shadow.SegmentSealer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals closed logs in order, in a thread of its own; closes the active one when it is due. */
final class SealingLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(SealingLoop.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private final Capture capture;
  private final SegmentSealer sealer;
  private final long intervalNanos;
  private final SealingEvents events;
  private final Random random = new Random();
  private final Episode episode = new Episode();

  // Held while a log is sealed, and while an image is fixed: no segment may end after the image's
  // transaction before that is known, or the snapshot would lie within the segment.
  private final ReentrantLock order = new ReentrantLock(true);
  private final ImageBoundaries images = new ImageBoundaries();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ClosedLog> queue = new ArrayDeque<>();
  private @Nullable GenerationId generation;
  private @Nullable SealedState sealed;
  private long handedOverTxId = -1;
  private long dueAt;
  private long seenAt;
  private boolean seen;
  private boolean pending;
  private boolean now;
  private boolean stopping;
  private boolean stopped;

  SealingLoop(Capture capture, SegmentSealer sealer, Duration interval, SealingEvents events) {
    this.capture = capture;
    this.sealer = sealer;
    this.intervalNanos = interval.toNanos();
    this.events = events;
  }

  /** The active log has something. */
  void appended() {
    lock.lock();
    try {
      if (!pending) {
        pending = true;
        dueAt = (seen ? seenAt : System.nanoTime()) + intervalNanos;
        changed.signalAll();
      }
      seen = false;
    } finally {
      lock.unlock();
    }
  }

  /** There are commits that will be appended: their interval begins with the first of them. */
  void putOff() {
    lock.lock();
    try {
      if (!seen) {
        seen = true;
        seenAt = System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  void enqueue(ClosedLog log) {
    lock.lock();
    try {
      queue.add(log);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Logs from here on belong to this generation, and build on this state of this time. */
  void began(GenerationId newGeneration, DatabaseState base, CommitClock clock) {
    lock.lock();
    try {
      if (!newGeneration.equals(generation)) {
        sealer.began(newGeneration, clock);
        images.clear();
        generation = newGeneration;
        sealed =
            new SealedState(base, Objects.requireNonNullElse(sealer.clock(newGeneration), clock));
        handedOverTxId = base.txId();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The last transaction of the current generation that is in a segment or below the first. */
  long sealedTxId() {
    lock.lock();
    try {
      return sealed == null ? -1 : sealed.txId();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The last transaction of the current generation up to which everybody who has to know the
   * segments knows them. For a moment it is less than {@link #sealedTxId}, never more.
   */
  long handedOverTxId() {
    lock.lock();
    try {
      return handedOverTxId;
    } finally {
      lock.unlock();
    }
  }

  /** The logs that wait, oldest first. */
  List<ClosedLog> waiting() {
    lock.lock();
    try {
      return List.copyOf(queue);
    } finally {
      lock.unlock();
    }
  }

  long waitingBytes() {
    return waiting().stream().mapToLong(ClosedLog::length).sum();
  }

  /** When the oldest commit that is in no segment was captured; null if all are. */
  @Nullable Instant unsealedSince() {
    Instant active = capture.unsealedSince(); // first: from there it moves into the queue
    lock.lock();
    try {
      for (ClosedLog log : queue) {
        if (log.generation().equals(generation)) {
          return log.firstCommitAt();
        }
      }
    } finally {
      lock.unlock();
    }
    return active;
  }

  @Nullable String error() {
    return episode.error();
  }

  /** Fixes an image of the newest commit, at whose transaction a segment will end. */
  DatabaseImage fixImage(PagedDatabase database) throws IOException {
    order.lock();
    try {
      DatabaseImage image = capture.image(database);
      lock.lock();
      try {
        images.fixed(image.txId(), sealed);
        if (generation != null) {
          events.cut(generation, image.txId());
        }
      } finally {
        lock.unlock();
      }
      return image;
    } finally {
      order.unlock();
    }
  }

  /** Does something while no log is sealed. */
  <T> T paused(Retry.Operation<T> action) throws IOException {
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
  @Nullable SealedState sealedThrough(GenerationId ofGeneration, long txId, long timeoutNanos)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    lock.lockInterruptibly();
    try {
      now = true;
      changed.signalAll();
      while (!stopped && ofGeneration.equals(generation)) {
        SealedState last = sealed;
        if (last != null && last.txId() >= txId) {
          return last.txId() == txId ? last : images.at(txId);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return null;
        }
        long ignored = changed.awaitNanos(left);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Seals what there is and ends. */
  void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    try {
      boolean more = true;
      while (more) {
        more = step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended();
    }
  }

  private boolean step() throws InterruptedException {
    ClosedLog log = null;
    try {
      log = awaitLog();
      if (log == null) {
        return false;
      }
      seal(log);
    } catch (IOException | RuntimeException | Error e) {
      failed(log, e);
    }
    return true;
  }

  private void ended() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ClosedLog awaitLog() throws InterruptedException {
    while (true) {
      boolean last;
      lock.lock();
      try {
        while (queue.isEmpty() && !stopping && !now && !(pending && dueIn() <= 0)) {
          if (pending) {
            long ignored = changed.awaitNanos(dueIn());
          } else {
            changed.await();
          }
        }
        if (!queue.isEmpty()) {
          return queue.peek();
        }
        pending = false;
        now = false;
        last = stopping;
      } finally {
        lock.unlock();
      }
      capture.rotate(); // without our lock: capture calls back with its own
      if (last && waiting().isEmpty()) {
        return null;
      }
    }
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
  private void failed(@Nullable ClosedLog log, Throwable failure) throws InterruptedException {
    String what = log == null ? "the active log" : "" + log.file();
    if (episode.failed("cannot seal " + what + ": " + failure)) {
      LOG.error(
          "cannot seal {}: {}; replicas get nothing newer than transaction"
              + " {}. Stream tries again; if the disk is full, make room",
          what,
          failure.toString(),
          log == null ? sealedTxId() : log.parentTxId());
    }
    awaitRetry();
    if (log == null) {
      appended(); // it was not closed, and may have something yet
    }
  }

  private void awaitRetry() throws InterruptedException {
    long deadline =
        System.nanoTime() + BACKOFF.delay(Math.min(episode.failures(), 30), random).toNanos();
    lock.lock();
    try {
      long left;
      while (!stopping && (left = deadline - System.nanoTime()) > 0) {
        long ignored = changed.awaitNanos(left);
      }
      if (stopping && episode.failures() > 3) {
        throw new InterruptedException("closing; the log is sealed at the next start");
      }
    } finally {
      lock.unlock();
    }
    if (stopping) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private long sealedTxId(ClosedLog log) {
    lock.lock();
    try {
      SealedState last = sealed;
      return last != null && log.generation().equals(generation) ? last.txId() : log.parentTxId();
    } finally {
      lock.unlock();
    }
  }

  private void sealed(SealedArtefact segment, SealedState after) {
    lock.lock();
    try {
      if (segment.generation().equals(generation)) {
        sealed = after;
        images.sealed(after);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    events.sealed(segment);
    lock.lock();
    try {
      if (segment.generation().equals(generation)) {
        handedOverTxId = segment.lastTxId();
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove(ClosedLog log) {
    lock.lock();
    try {
      queue.remove(log);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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
