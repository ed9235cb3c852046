package dev.stream.core.count;

import java.io.IOException;

/** One operation on a replica, which may go on for several calls. For use by one thread. */
final class CountedCall implements AutoCloseable {

  /** What the store does. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws IOException;
  }

  private final ReplicaCounters counters;
  private final OperationCounter counter;
  private long nanos;
  private boolean failed;
  private boolean ended;

  CountedCall(ReplicaCounters counters, ReplicaOperation operation) {
    this.counters = counters;
    this.counter = counters.of(operation);
  }

  /** Has the store do something, and takes the time. A failure counts once for the operation. */
  <T> T in(Step<T> step) throws IOException {
    long begun = System.nanoTime();
    try {
      return step.run();
    } catch (IOException | RuntimeException | Error e) {
      if (!failed) {
        failed = true;
        counter.failed(e);
      }
      throw e;
    } finally {
      nanos += System.nanoTime() - begun;
    }
  }

  void moved(long bytes) {
    counter.moved(bytes);
  }

  /** It is over. Repeatable. */
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      counter.ended(nanos);
      if (!failed) {
        counters.succeeded();
      }
    }
  }
}
