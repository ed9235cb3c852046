package dev.stream.testkit.replica;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds operations until a test lets them go; no time passes by itself. Thread-safe. */
public final class Stall {

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /** A stall that holds whoever reaches it. */
  public Stall() {}

  /**
   * Waits until an operation is held here.
   *
   * @throws AssertionError if none came in time
   */
  public void awaitReached(Duration timeout) throws InterruptedException {
    if (!reached.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("no operation reached the stall within " + timeout);
    }
  }

  /** Whether an operation has come here. */
  public boolean isReached() {
    return reached.getCount() == 0;
  }

  /** Lets go of all that are held here, now and later. */
  public void release() {
    released.countDown();
  }

  /** Waits for the release. */
  void hold() throws IOException {
    reached.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted in a stall").initCause(e);
    }
  }
}
