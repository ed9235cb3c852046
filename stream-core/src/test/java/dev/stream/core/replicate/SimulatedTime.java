package dev.stream.core.replicate;

import dev.stream.core.retry.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The bench's time as something to wait in: it passes only when a test says so. Thread-safe. */
final class SimulatedTime implements Sleeper {

  /** A wait of one thread; no two are equal. */
  private static final class Nap {
    private final Instant until;

    Nap(Instant until) {
      this.until = until;
    }
  }

  private final Bench bench;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Nap> naps = new HashSet<>();

  SimulatedTime(Bench bench) {
    this.bench = bench;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    lock.lockInterruptibly();
    Nap nap = new Nap(bench.now.plus(duration));
    try {
      if (nap.until.isAfter(bench.now)) {
        naps.add(nap);
        changed.signalAll();
      }
      while (naps.contains(nap)) {
        changed.await();
      }
    } finally {
      naps.remove(nap);
      lock.unlock();
    }
  }

  /** Lets time pass; whoever has slept long enough wakes. */
  void advance(Duration duration) {
    lock.lock();
    try {
      bench.now = bench.now.plus(duration);
      naps.removeIf(nap -> !nap.until.isAfter(bench.now));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits, in real time, until so many threads sleep here. */
  void awaitAsleep(int threads) throws InterruptedException {
    long left = Bench.SOON.toNanos();
    lock.lockInterruptibly();
    try {
      while (naps.size() < threads) {
        if (left <= 0) {
          throw new AssertionError(naps.size() + " of " + threads + " threads sleep");
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
