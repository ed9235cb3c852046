package dev.stream.core.read;

import java.util.concurrent.atomic.LongAdder;

/** Counts what was fetched, and what needed not be. Safe for use by several threads. */
public final class FetchMeter {

  private final LongAdder bytes = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder objects = new LongAdder();
  private final LongAdder reusedBlocks = new LongAdder();
  private final LongAdder reusedBytes = new LongAdder();

  void object() {
    objects.increment();
  }

  void request() {
    requests.increment();
  }

  void fetched(int length) {
    bytes.add(length);
  }

  public void reused(int storedLength) {
    reusedBlocks.increment();
    reusedBytes.add(storedLength);
  }

  public long reusedBlocks() {
    return reusedBlocks.sum();
  }

  public long reusedBytes() {
    return reusedBytes.sum();
  }

  public long bytes() {
    return bytes.sum();
  }

  public long requests() {
    return requests.sum();
  }

  public long objects() {
    return objects.sum();
  }
}
