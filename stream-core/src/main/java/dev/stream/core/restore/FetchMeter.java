package dev.stream.core.restore;

import java.util.concurrent.atomic.LongAdder;

/** Counts what was fetched, and what needed not be. Safe for use by several threads. */
final class FetchMeter {

  private final LongAdder bytes = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder objects = new LongAdder();
  private final LongAdder reusedBlocks = new LongAdder();
  private final LongAdder reusedBytes = new LongAdder();

  void object() {
    objects.increment();
  }

  void request(long length) {
    requests.increment();
    bytes.add(length);
  }

  void reused(int storedLength) {
    reusedBlocks.increment();
    reusedBytes.add(storedLength);
  }

  long reusedBlocks() {
    return reusedBlocks.sum();
  }

  long reusedBytes() {
    return reusedBytes.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  long requests() {
    return requests.sum();
  }

  long objects() {
    return objects.sum();
  }
}
