package dev.stream.replica.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads that help the calling one with requests that can go side by side. Thread-safe. */
final class ParallelRequests implements AutoCloseable {

  /** How many requests of one operation are under way at a time. */
  private static final int WIDTH = 4;

  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "stream-s3");
            thread.setDaemon(true);
            return thread;
          });

  /** One of several tasks that differ in their number only. */
  interface Task {
    void run(int index) throws IOException;
  }

  /**
   * Runs tasks 0 to {@code count - 1}, and returns when none is running any more. After a failure
   * no further task begins.
   *
   * @param onFailure called once at the first failure, to end what is under way
   */
  void run(int count, Task task, Runnable onFailure) throws IOException {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Runnable worker =
        () -> {
          try {
            for (int i; failure.get() == null && (i = next.getAndIncrement()) < count; ) {
              task.run(i);
            }
          } catch (IOException | RuntimeException | Error e) {
            if (failure.compareAndSet(null, e)) {
              onFailure.run();
            }
          }
        };
    List<Future<?>> helpers = new ArrayList<>();
    for (int i = 1; i < Math.min(WIDTH, count); i++) {
      helpers.add(threads.submit(worker));
    }
    worker.run();
    boolean interrupted = false;
    for (Future<?> helper : helpers) {
      interrupted |= awaitDespiteInterrupts(helper);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    rethrow(failure.get());
  }

  /** Only whoever started the helpers can close what they use. */
  private static boolean awaitDespiteInterrupts(Future<?> helper) {
    boolean interrupted = false;
    while (true) {
      try {
        helper.get();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a worker catches everything", e);
      }
    }
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Lets the threads end with what they do. Repeatable. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
