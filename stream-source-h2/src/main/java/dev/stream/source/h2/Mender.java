package dev.stream.source.h2;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A thread that brings an observer up to date after it failed, trying again after 20 ms at first
 * and every second at last. It ends when that is done.
 */
final class Mender extends Thread {

  private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Object commits; // a lock
  private final BooleanSupplier attempt;

  /**
   * @param attempt returns whether it is done
   */
  Mender(Path path, Object commits, BooleanSupplier attempt) {
    super("stream-h2-" + path.getFileName());
    this.commits = commits;
    this.attempt = attempt;
    setDaemon(true);
  }

  /** Has it try at once, such as to find that it is not needed any more. With the lock held. */
  void wake() {
    commits.notifyAll();
  }

  @Override
  public void run() {
    long wait = FIRST_WAIT_NANOS;
    do {
      synchronized (commits) {
        try {
          TimeUnit.NANOSECONDS.timedWait(commits, wait);
        } catch (InterruptedException e) {
          // Nobody's business: whoever interrupts this thread cannot mean to give up capture.
        }
      }
      wait = Math.min(wait * 2, LONGEST_WAIT_NANOS);
    } while (!attempt.getAsBoolean());
  }
}
