package dev.stream.core.restore;

import java.util.concurrent.atomic.LongAdder;

/** Counts what was fetched. Safe for use by several threads. */
final class FetchMeter {

  private final LongAdder bytes = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder objects = new LongAdder();

  void object() {
    objects.increment();
  }

  void request(long length) {
    requests.increment();
    bytes.add(length);
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
