package dev.stream.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.replicate.Bench;
import dev.stream.core.retry.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TasksTest {

  private final Tasks tasks = new Tasks("");

  @AfterEach
  void noThreadIsLeft() {
    assertThat(tasks.stop()).isEmpty();
    Bench.await("all threads ended", () -> names().isEmpty());
  }

  private static List<String> names() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("stream-"))
        .toList();
  }

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
    AtomicReference<Thread> stuck = new AtomicReference<>();
    tasks
        .addInterruptible(
            "stream-test-stuck",
            () -> {
              stuck.set(Thread.currentThread());
              try {
                working.countDown();
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return Task.NEVER;
            })
        .start();
    tasks.every("stream-test-again", () -> Duration.ofMillis(1), working::countDown);
    tasks.compression().execute(working::countDown);
    working.await();
    assertThat(stuck.get().isDaemon()).isTrue();
    assertThat(stuck.get().getName()).isEqualTo("stream-test-stuck");
    assertThat(tasks.stop()).isEmpty();
    assertThat(interrupted.getCount()).isZero();
    assertThat(find("stream-test-stuck")).isNull();
    assertThat(find("stream-test-again")).isNull();
    assertThat(tasks.stop()).isEmpty();
  }

  @Test
  void whatWritesFilesIsNeverInterrupted() throws Exception {
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    CountDownLatch begun = new CountDownLatch(1);
    tasks
        .add(
            "stream-test-writer",
            () -> {
              begun.countDown();
              long end = System.nanoTime() + 50_000_000;
              while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
              interrupted.set(Thread.currentThread().isInterrupted());
              return Task.NEVER;
            })
        .start();
    begun.await();
    assertThat(tasks.stop()).isEmpty();
    assertThat(interrupted.get()).isFalse();
  }

  @Test
  void aFailureDoesNotEndWhatIsDoneAgainAndAgain() {
    AtomicInteger times = new AtomicInteger();
    tasks.every(
        "stream-test-again",
        () -> Duration.ofMillis(1),
        () -> {
          if (times.incrementAndGet() % 2 == 0) {
            throw new IllegalStateException("on purpose");
          }
          throw new NoClassDefFoundError("on purpose");
        });
    Bench.await("three times", () -> times.get() >= 3);
  }

  @Test
  void anInterruptedStopStillEndsEverything() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    tasks.every("stream-test-again", () -> Duration.ofMillis(1), begun::countDown);
    begun.await();
    Thread.currentThread().interrupt();
    assertThat(tasks.stop()).isNotNull();
    assertThat(Thread.interrupted()).isTrue();
    Bench.await("the thread ended", () -> find("stream-test-again") == null);
  }

  @Test
  void noStepIsLostAndNoTwoAreDoneAtOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger worst = new AtomicInteger();
    Task task =
        tasks.add(
            "stream-test-woken",
            () -> {
              worst.accumulateAndGet(inside.incrementAndGet(), Math::max);
              done.set(asked.get());
              inside.decrementAndGet();
              return Task.NEVER;
            });
    task.start();
    CountDownLatch wakers = new CountDownLatch(4);
    for (int waker = 0; waker < 4; waker++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 5_000; i++) {
                  asked.incrementAndGet();
                  task.wake();
                  if (i % 1_000 == 0) { // longer than a thread waits for the next step
                    Bench.await("it has rested", () -> done.get() > 0);
                    java.util.concurrent.locks.LockSupport.parkNanos(80_000_000);
                  }
                }
                wakers.countDown();
              });
      thread.setDaemon(true);
      thread.start();
    }
    assertThat(wakers.await(60, TimeUnit.SECONDS)).isTrue();
    Bench.await("the last step saw everything", () -> done.get() == 20_000);
    assertThat(worst).hasValue(1);
  }

  @Test
  void aTaskThatRestsHasNoThread() {
    AtomicInteger steps = new AtomicInteger();
    Task task =
        tasks.add(
            "stream-test-resting",
            () -> {
              steps.incrementAndGet();
              return Task.NEVER;
            });
    task.start();
    Bench.await("the first step", () -> steps.get() == 1);
    Bench.await("it has no thread", () -> find("stream-test-resting") == null);
    task.wake();
    Bench.await("the second step", () -> steps.get() == 2);
  }

  @Test
  void theEarliestMomentCounts() {
    List<Long> at = new CopyOnWriteArrayList<>();
    long begun = System.nanoTime();
    long hour = TimeUnit.HOURS.toNanos(1);
    Task task =
        tasks.add(
            "stream-test-timed",
            () -> {
              at.add(System.nanoTime() - begun);
              return hour;
            });
    task.start();
    Bench.await("the first step", () -> at.size() == 1);
    Bench.await("it rests", () -> find("stream-test-timed") == null);
    task.wakeBy(begun + 2 * hour); // later than the step said
    task.wakeBy(begun + TimeUnit.MILLISECONDS.toNanos(200));
    Bench.await("the second step", () -> at.size() == 2);
    assertThat(at.get(1)).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
  }

  @Test
  void tasksOfTwoDatabasesShareThreadsUntilTheLastOneEnds() throws Exception {
    Tasks others = new Tasks("");
    CountDownLatch working = new CountDownLatch(2);
    tasks.every("stream-test-one", () -> Duration.ofMillis(1), working::countDown);
    others.every("stream-test-two", () -> Duration.ofMillis(1), working::countDown);
    working.await();
    assertThat(names()).filteredOn(name -> name.equals("stream-timer")).hasSizeLessThan(2);
    assertThat(others.stop()).isEmpty();
    CountDownLatch again = new CountDownLatch(100);
    tasks.every("stream-test-three", () -> Duration.ofMillis(1), again::countDown);
    assertThat(again.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theThreadOfATaskIsNamedAfterItAndItsDatabase() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    Task.Step step =
        () -> {
          seen.add(Thread.currentThread().getName());
          return Task.NEVER;
        };
    tasks.add("stream-one", step).start();
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("stream-one");
    Tasks others = new Tasks("/data/other.db");
    others.add("stream-two", step).start();
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("stream-two of /data/other.db");
    assertThat(others.stop()).isEmpty();
  }

  @Test
  void whatFailedIsGivenItsTimeHoweverOftenItIsWoken() throws Exception {
    Backoff second = new Backoff(Duration.ofMillis(700), Duration.ofMillis(700));
    BlockingQueue<Long> begun = new LinkedBlockingQueue<>();
    AtomicReference<Task> self = new AtomicReference<>();
    AtomicLong pause = new AtomicLong();
    Task task =
        tasks.add(
            "stream-failing",
            () -> {
              begun.add(System.nanoTime());
              if (pause.get() == 0) {
                pause.set(self.get().retryAfter(second, 1));
                return pause.get();
              }
              return Task.NEVER;
            });
    self.set(task);
    task.start();
    long first = begun.poll(10, TimeUnit.SECONDS);
    long again = first;
    while (again == first) {
      task.wake();
      Long next = begun.poll(1, TimeUnit.MILLISECONDS);
      again = next == null ? first : next;
    }
    assertThat(again - first).isGreaterThanOrEqualTo(pause.get());
  }

  @Test
  void whatFailedIsTriedAtOnceIfThatIsAskedFor() throws Exception {
    Backoff hours = new Backoff(Duration.ofHours(9), Duration.ofHours(9));
    BlockingQueue<Long> begun = new LinkedBlockingQueue<>();
    AtomicReference<Task> self = new AtomicReference<>();
    Task task =
        tasks.add(
            "stream-failing",
            () -> {
              long pause = self.get().retryAfter(hours, 1);
              begun.add(pause);
              return pause;
            });
    self.set(task);
    task.start();
    assertThat(begun.poll(10, TimeUnit.SECONDS)).isNotNull();
    task.wakeNow();
    assertThat(begun.poll(10, TimeUnit.SECONDS)).isNotNull();
  }
}
