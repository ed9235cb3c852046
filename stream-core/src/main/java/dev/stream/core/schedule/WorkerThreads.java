package dev.stream.core.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one replication: daemons with names, all gone after {@link #stop}. */
public final class WorkerThreads {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerThreads.class);
  private static final long GRACE_SECONDS = 5;

  private final Map<String, Thread> threads = new LinkedHashMap<>();
  private final Set<Thread> interruptible = new HashSet<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ThreadPoolExecutor compression;

  public WorkerThreads() {
    int size = Math.min(4, Runtime.getRuntime().availableProcessors());
    AtomicInteger number = new AtomicInteger();
    compression =
        new ThreadPoolExecutor(
            size,
            size,
            10,
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

  /** Compresses blocks; its threads end when there is nothing to do. */
  public Executor compression() {
    return compression;
  }

  /** Starts a thread that is interrupted if it does not end by itself. */
  public synchronized void startInterruptible(String name, Runnable task) {
    start(name, task);
    Thread thread = threads.get(name);
    if (thread != null) {
      interruptible.add(thread);
    }
  }

  /** Starts a thread that is never interrupted: an interrupt would close the files it writes. */
  public synchronized void start(String name, Runnable task) {
    Thread thread = daemon(name, task);
    threads.put(name, thread);
    thread.start();
  }

  /** Does something again and again until {@link #stop}. */
  public void every(String name, Duration period, Runnable task) {
    start(
        name,
        () -> {
          try {
            while (!stopping.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
              try {
                task.run();
              } catch (RuntimeException | Error e) {
                LOG.warn("{} failed, and goes on", name, e);
              }
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Waits for a thread to end; nothing if it was never started. */
  public void join(String name, long deadlineNanos) throws InterruptedException {
    Thread thread;
    synchronized (this) {
      thread = threads.get(name);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    if (thread != null && millis > 0) {
      thread.join(millis);
    }
  }

  /** Ends all threads; returns complaints about those that do not end. */
  public synchronized List<String> stop() {
    stopping.countDown();
    compression.shutdown();
    List<String> stuck = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
    boolean interrupted = false;
    interruptible.forEach(Thread::interrupt);
    for (Thread thread : threads.values()) {
      try {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        thread.join(Math.max(1, millis));
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (thread.isAlive()) {
        stuck.add("thread " + thread.getName() + " does not end");
      }
    }
    try {
      if (!compression.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
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
}
