package dev.stream.core.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one replication, which share their threads with those of all others in this JVM.
 * Thread-safe.
 */
public final class Tasks {

  private static final long GRACE_SECONDS = 5;

  private final String suffix;
  private final List<Task> tasks = new CopyOnWriteArrayList<>();
  private final Object share = new Object(); // guards the threads alone: tasks ask with their lock
  private @Nullable TaskThreads threads;

  /**
   * No tasks yet.
   *
   * @param database what they are for: their threads have it in their names, so that the log lines
   *     of a process that replicates several can be told apart; empty if there is nothing to tell
   */
  public Tasks(String database) {
    this.suffix = database.isEmpty() ? "" : " of " + database;
  }

  /** A task that is never interrupted, since an interrupt would close the files that it writes. */
  public Task add(String name, Task.Step step) {
    return add(new Task(name + suffix, false, step, this::threads));
  }

  /** A task that is interrupted if it has not ended when everything is stopped. */
  public Task addInterruptible(String name, Task.Step step) {
    return add(new Task(name + suffix, true, step, this::threads));
  }

  private Task add(Task task) {
    tasks.add(task);
    return task;
  }

  /**
   * Does something again and again until {@link #stop}, the first time after one period.
   *
   * @param period the time until the next time; asked for each time
   * @return wakes what is done before its time
   */
  public Task every(String name, Supplier<Duration> period, Runnable what) {
    boolean[] first = {true}; // of a task: one thread at a time
    Task task =
        add(
            name,
            () -> {
              if (!first[0]) {
                what.run();
              }
              first[0] = false;
              return period.get().toNanos();
            });
    task.start();
    return task;
  }

  /** Compresses blocks. */
  public Executor compression() {
    return block -> threads().compression().execute(block);
  }

  /** The threads, of which there are none before one is needed. */
  private TaskThreads threads() {
    synchronized (share) {
      TaskThreads ours = threads;
      if (ours == null) {
        ours = TaskThreads.acquire();
        threads = ours;
      }
      return ours;
    }
  }

  /** Ends all tasks; returns complaints about those that do not end. Repeatable. */
  public synchronized List<String> stop() {
    List<String> stuck = new ArrayList<>();
    boolean interrupted = Thread.interrupted();
    tasks.forEach(Task::end);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
    for (Task task : tasks) {
      boolean known = false;
      while (!known) {
        try {
          if (!task.awaitEnd(deadline)) {
            stuck.add("task " + task.name() + " does not end");
          }
          known = true;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    try {
      if (!release() && stuck.isEmpty()) {
        stuck.add("compression does not end");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return stuck;
  }

  private boolean release() throws InterruptedException {
    synchronized (share) {
      if (threads == null) {
        return true;
      }
      threads = null;
    }
    return TaskThreads.release();
  }
}
