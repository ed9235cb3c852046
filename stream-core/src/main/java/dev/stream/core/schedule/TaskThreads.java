package dev.stream.core.schedule;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that the tasks of all databases in this JVM share: one that keeps time, as many as
 * there are tasks with something to do at one moment, and a few that compress. They are daemons;
 * they end when nobody uses them any more, so that no thread outlives the last database.
 */
final class TaskThreads {

  private static final long KEPT_SECONDS = 10;
  private static final long GRACE_SECONDS = 5;
  private static final String IDLE = "stream-idle";

  private static @Nullable TaskThreads shared;
  private static int users;

  final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor workers;
  private final ThreadPoolExecutor compression;

  private TaskThreads() {
    timer = new ScheduledThreadPoolExecutor(1, task -> daemon("stream-timer", task));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    workers =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(IDLE, task));
    int processors = Math.min(4, Runtime.getRuntime().availableProcessors());
    AtomicInteger number = new AtomicInteger();
    compression =
        new ThreadPoolExecutor(
            processors,
            processors,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon("stream-compress-" + number.incrementAndGet(), task));
    compression.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** The threads, for one more user, who releases them once. */
  static synchronized TaskThreads acquire() {
    TaskThreads threads = shared;
    if (threads == null) {
      threads = new TaskThreads();
      shared = threads;
    }
    users++;
    return threads;
  }

  /**
   * One user less; the last one ends the threads, and waits a while for that.
   *
   * @return whether they have ended, or somebody else uses them
   */
  static boolean release() throws InterruptedException {
    TaskThreads unused;
    synchronized (TaskThreads.class) {
      users--;
      if (users > 0 || shared == null) {
        return true;
      }
      unused = shared;
      shared = null;
    }
    var unusedTimes = unused.timer.shutdownNow(); // whatever was due later is due no more
    unused.workers.shutdown();
    unused.compression.shutdown();
    boolean ended = unused.compression.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    ended &= unused.workers.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    return ended;
  }

  /** Compresses blocks. */
  Executor compression() {
    return compression;
  }

  /** Runs something in a thread that has its name meanwhile. */
  void run(String name, Runnable work) {
    workers.execute(
        () -> {
          Thread thread = Thread.currentThread();
          thread.setName(name);
          try {
            work.run();
          } finally {
            thread.setName(IDLE);
          }
        });
  }
}
