package dev.stream.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.replicate.Bench;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class WorkerThreadsTest {

  private final WorkerThreads threads = new WorkerThreads();

  private static Thread find(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  @Test
  void stopEndsEveryKindAndLeavesNoThread() throws Exception {
    CountDownLatch working = new CountDownLatch(3);
    CountDownLatch interrupted = new CountDownLatch(1);
    threads.startInterruptible(
        "stream-test-stuck",
        () -> {
          try {
            working.countDown();
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });
    threads.every("stream-test-again", Duration.ofMillis(1), working::countDown);
    threads.compression().execute(working::countDown);
    working.await();
    assertThat(find("stream-test-stuck").isDaemon()).isTrue();
    assertThat(find("stream-test-again").isDaemon()).isTrue();
    assertThat(threads.stop()).isEmpty();
    assertThat(interrupted.getCount()).isZero();
    assertThat(find("stream-test-stuck")).isNull();
    assertThat(find("stream-test-again")).isNull();
    assertThat(threads.stop()).isEmpty();
  }

  @Test
  void whatWritesFilesIsNeverInterrupted() throws Exception {
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    CountDownLatch begun = new CountDownLatch(1);
    threads.start(
        "stream-test-writer",
        () -> {
          begun.countDown();
          long end = System.nanoTime() + 50_000_000;
          while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
          interrupted.set(Thread.currentThread().isInterrupted());
        });
    begun.await();
    assertThat(threads.stop()).isEmpty();
    assertThat(interrupted.get()).isFalse();
  }

  @Test
  void aFailureDoesNotEndWhatIsDoneAgainAndAgain() {
    AtomicInteger times = new AtomicInteger();
    threads.every(
        "stream-test-again",
        Duration.ofMillis(1),
        () -> {
          if (times.incrementAndGet() % 2 == 0) {
            throw new IllegalStateException("on purpose");
          }
          throw new NoClassDefFoundError("on purpose");
        });
    Bench.await("three times", () -> times.get() >= 3);
    assertThat(threads.stop()).isEmpty();
  }

  @Test
  void anInterruptedStopStillEndsEverything() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    threads.every("stream-test-again", Duration.ofMillis(1), begun::countDown);
    begun.await();
    Thread.currentThread().interrupt();
    assertThat(threads.stop()).isNotNull();
    assertThat(Thread.interrupted()).isTrue();
    Bench.await("the thread ended", () -> find("stream-test-again") == null);
  }
}
