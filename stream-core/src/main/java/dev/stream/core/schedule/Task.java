package dev.stream.core.schedule;

import dev.stream.core.retry.Backoff;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done step by step, by one thread at a time: when somebody wakes it, or when the time
 * has come that its last step told. Between steps it has no thread, unless they follow each other
 * within moments. Whatever a step throws is logged, and the next one comes a little later.
 *
 * <p>Thread-safe. {@link #wake} and {@link #wakeBy} may be called with any lock held: no step runs
 * in them.
 */
public final class Task {

  /** What is done. */
  @FunctionalInterface
  public interface Step {
    /**
     * Does the next piece.
     *
     * @return after how many nanoseconds to do the next one, unless woken before; {@link #NEVER} if
     *     only when woken; {@link #END} if it was the last one
     * @throws InterruptedException if it was the last one since the task was interrupted
     */
    long run() throws InterruptedException;
  }

  /** The next step is due at once. */
  public static final long NOW = 0;

  /** The next step is due when somebody wakes the task. */
  public static final long NEVER = Long.MAX_VALUE;

  /** There is no next step. */
  public static final long END = -1;

  private static final Logger LOG = LoggerFactory.getLogger(Task.class);
  private static final Backoff FAULT = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** How long a thread waits for the next step of a task whose steps follow each other so soon. */
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final String name;
  private final boolean interruptible;
  private final Step step;
  private final Supplier<TaskThreads> threads;
  private final Random random = new Random();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean started;
  private boolean woken;
  private boolean timed;
  private long dueAt;
  private boolean paused;
  private long pausedUntil;
  private @Nullable Future<?> timer;
  private @Nullable Thread thread;
  private boolean working; // a thread has it, or is about to
  private boolean ending;
  private boolean ended;
  private long wokenAt = System.nanoTime() - LINGER_NANOS; // when it last had to wait before a step
  private boolean busy; // that was soon after the time before that
  private int faults;

  Task(String name, boolean interruptible, Step step, Supplier<TaskThreads> threads) {
    this.name = name;
    this.interruptible = interruptible;
    this.step = step;
    this.threads = threads;
  }

  String name() {
    return name;
  }

  /** From now on steps are done; the first one at once. */
  public void start() {
    lock.lock();
    try {
      started = true;
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** Something has changed: the next step is due, after the one that is being done now. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      attend();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next step is due at a moment, or before.
   *
   * @param nanoTime the moment, as {@link System#nanoTime} counts
   */
  public void wakeBy(long nanoTime) {
    lock.lock();
    try {
      if (!timed || nanoTime - dueAt < 0) {
        timed = true;
        dueAt = nanoTime;
        attend();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next step is due, also if the last one failed just now. */
  public void wakeNow() {
    lock.lock();
    try {
      paused = false;
      wake();
    } finally {
      lock.unlock();
    }
  }

  /**
   * For a step that failed: the next one comes after a pause, however often the task is woken
   * meanwhile.
   *
   * @param failures how many have failed in a row, from 1
   * @return what the step has to return
   */
  public long retryAfter(Backoff backoff, int failures) {
    long pause = backoff.delay(failures, random).toNanos();
    lock.lock();
    try {
      paused = true;
      pausedUntil = System.nanoTime() + pause;
    } finally {
      lock.unlock();
    }
    return pause;
  }

  /** Sees to it that a thread, or the timer, has what is to be done. */
  private void attend() {
    if (!started || ended) {
      return;
    }
    long left = left();
    if (working) {
      changed.signalAll();
    } else if (left <= 0) {
      working = true;
      cancelTimer();
      threads.get().run(name, this::work);
    } else if (left != NEVER) {
      cancelTimer();
      timer = threads.get().timer.schedule(this::wake, left, TimeUnit.NANOSECONDS);
    }
  }

  /** Until the next step is due, not positive if it is. */
  private long left() {
    if (!woken && !timed) {
      return NEVER;
    }
    long now = System.nanoTime();
    long due = woken ? 0 : dueAt - now;
    return paused ? Math.max(due, pausedUntil - now) : due;
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void work() {
    while (awaitDue()) {
      long next = next();
      lock.lock();
      try {
        if (next == END) {
          ending = true;
        } else if (next != NEVER) {
          wakeBy(System.nanoTime() + next);
        }
      } finally {
        lock.unlock();
      }
    }
    boolean ignored = Thread.interrupted(); // the next task of this thread was not meant
  }

  /** Whether a step is to be done now; if not, the thread is no longer this task's. */
  private boolean awaitDue() {
    lock.lock();
    try {
      boolean fresh = thread == null; // else the step follows another without a pause
      thread = Thread.currentThread();
      long until = System.nanoTime() + (busy ? LINGER_NANOS : 0);
      long rest;
      while (!ending && left() > 0 && (rest = until - System.nanoTime()) > 0) {
        fresh = true;
        long ignored = changed.awaitNanos(Math.min(rest, left()));
      }
      boolean due = !ending && left() <= 0;
      if (due) {
        if (fresh) {
          long now = System.nanoTime();
          busy = now - wokenAt < LINGER_NANOS;
          wokenAt = now;
        }
        woken = false;
        timed = false;
        paused = false;
      } else {
        rest();
      }
      return due;
    } catch (InterruptedException e) {
      ending = true;
      rest();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void rest() {
    thread = null;
    working = false;
    if (ending) {
      ended = true;
      changed.signalAll();
    } else {
      attend();
    }
  }

  private long next() {
    try {
      long next = step.run();
      faults = 0;
      return next;
    } catch (InterruptedException e) {
      return END;
    } catch (RuntimeException | Error e) {
      faults++;
      LOG.warn("{} failed, and goes on", name, e);
      return FAULT.delay(faults, random).toNanos();
    }
  }

  /** Ends after the step that is being done now, which is interrupted if that harms nothing. */
  public void end() {
    lock.lock();
    try {
      ending = true;
      cancelTimer();
      if (!working) {
        ended = true;
      } else if (interruptible && thread != null) {
        thread.interrupt();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the last step is done.
   *
   * @return whether it is, or none was ever begun
   */
  public boolean awaitEnd(long deadlineNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (started && !ended) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        long ignored = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
