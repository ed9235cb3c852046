package dev.stream.core.read;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of one restore. */
public final class ReadThreads {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private ReadThreads() {}

  public static ExecutorService start(int threads) {
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          Thread thread = new Thread(task, "stream-restore-" + NUMBER.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Ends the threads; does not wait for ever for one that hangs in a request. */
  public static void stop(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      boolean ended = threads.awaitTermination(10, TimeUnit.SECONDS);
      assert ended || threads.isShutdown();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a thread threw that nobody expects: passed on as it is. */
  public static RuntimeException unexpected(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
  }
}
