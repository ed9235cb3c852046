package dev.stream.core.count;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is asked of one replica, of one kind. Safe for use by several threads. */
final class OperationCounter {

  private final LongAdder count = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final ConstantCounters<Reason> failures = new ConstantCounters<>(Reason.class);

  /** One is over, after so many nanoseconds in it, whether it succeeded or not. */
  void ended(long took) {
    count.increment();
    nanos.add(took);
  }

  /** So many bytes were moved. */
  void moved(long moved) {
    bytes.add(moved);
  }

  /** One has failed. What is no {@link ReplicaException} counts as the SPI says: unavailable. */
  void failed(Throwable failure) {
    Reason reason = failure instanceof ReplicaException known ? known.reason() : Reason.UNAVAILABLE;
    failures.add(reason, 1);
  }

  long count() {
    return count.sum();
  }

  double seconds() {
    return nanos.sum() / 1e9;
  }

  long bytes() {
    return bytes.sum();
  }

  long failures(Reason reason) {
    return failures.sum(reason);
  }
}
