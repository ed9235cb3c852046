package dev.stream.core.retry;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.listen.ListenerCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Tries again what can succeed later: {@link Reason#UNAVAILABLE}, and any {@code IOException}
 * without a reason, which the replica's contract takes as the same. Everything else, and an
 * interruption, ends at once.
 *
 * <p>Immutable; safe for several threads if the random generator is (as {@link Random} is).
 */
public final class Retry {

  /** Never give up. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  private final Backoff backoff;
  private final int maxAttempts;
  private final RandomGenerator random;
  private final Sleeper sleeper;

  /**
   * A way to try again.
   *
   * @param maxAttempts attempts in all, at least 1; or {@link #UNBOUNDED}
   */
  public Retry(Backoff backoff, int maxAttempts, RandomGenerator random, Sleeper sleeper) {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("attempts: " + maxAttempts);
    }
    this.backoff = backoff;
    this.maxAttempts = maxAttempts;
    this.random = random;
    this.sleeper = sleeper;
  }

  /** Six attempts within a few seconds: for reads that somebody waits for. */
  public static Retry brisk() {
    return new Retry(Backoff.BRISK, 6, new Random(), Sleeper.SYSTEM);
  }

  /** No second attempt. */
  public static Retry none() {
    return new Retry(Backoff.BRISK, 1, new Random(), Sleeper.SYSTEM);
  }

  /** Something to try. */
  @FunctionalInterface
  public interface Operation<T> {
    /** Does it once. */
    T run() throws IOException;
  }

  /** Runs the operation until it succeeds, fails for good, or the attempts are used up. */
  public <T> T call(Operation<T> operation) throws IOException {
    return call(operation, RetryListener.SILENT);
  }

  /**
   * Runs the operation until it succeeds, fails for good, or the attempts are used up.
   *
   * @throws InterruptedIOException if the thread is interrupted; its interrupt status stays set
   * @throws IOException the last failure
   */
  public <T> T call(Operation<T> operation, RetryListener listener) throws IOException {
    Attempts attempts = attempts(listener);
    while (true) {
      try {
        return operation.run();
      } catch (IOException e) {
        attempts.failed(e);
      }
    }
  }

  /** The bookkeeping alone, for work that makes progress between failures. For one thread. */
  public Attempts attempts(RetryListener listener) {
    return new Attempts(listener);
  }

  /** Whether another attempt can help. */
  public static boolean isRetryable(IOException failure) {
    if (failure instanceof ReplicaException replica) {
      return replica.reason() == Reason.UNAVAILABLE;
    }
    return !Interruption.is(failure);
  }

  /** Failures in a row of one piece of work. */
  public final class Attempts {

    private final RetryListener listener;
    private final ListenerCalls calls;
    private int failures;

    private Attempts(RetryListener listener) {
      this.listener = listener;
      this.calls = new ListenerCalls(listener);
    }

    /**
     * Notes a failure and waits until the next attempt is due.
     *
     * @throws IOException the failure itself if there must be no other attempt, or an {@link
     *     InterruptedIOException}
     */
    public void failed(IOException failure) throws IOException {
      failures = failures == Integer.MAX_VALUE ? failures : failures + 1;
      if (!isRetryable(failure)) {
        throw failure;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(failure);
      }
      if (maxAttempts != UNBOUNDED && failures >= maxAttempts) {
        throw failure;
      }
      Duration wait = backoff.delay(failures, random);
      int soFar = failures;
      calls.run("onFailure", () -> listener.onFailure(soFar, wait, failure));
      try {
        sleeper.sleep(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw interrupted(failure);
      }
    }

    /** Something was achieved: the next failure counts as the first. */
    public void progressed() {
      failures = 0;
    }

    private InterruptedIOException interrupted(IOException failure) {
      InterruptedIOException interrupted =
          new InterruptedIOException(
              "interrupted; the last attempt failed: " + failure.getMessage());
      interrupted.initCause(failure);
      return interrupted;
    }
  }
}
