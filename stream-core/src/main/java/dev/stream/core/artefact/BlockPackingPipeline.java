package dev.stream.core.artefact;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Packs blocks in parallel and hands them on in order; holds a bounded number. For one thread. */
final class BlockPackingPipeline {

  /** Stores a packed block. */
  interface Store {
    void store(BlockJob block) throws IOException;
  }

  private final Executor executor;
  private final int maxInFlight;
  private final Supplier<BlockJob> newJob;
  private final Store store;
  private final ArrayDeque<BlockJob> inFlight = new ArrayDeque<>();
  private final ArrayDeque<BlockJob> free = new ArrayDeque<>();
  private int peakInFlight;

  BlockPackingPipeline(Executor executor, int maxInFlight, Supplier<BlockJob> newJob, Store store) {
    this.executor = executor;
    this.maxInFlight = maxInFlight;
    this.newJob = newJob;
    this.store = store;
  }

  /** An empty block to fill. */
  BlockJob take() {
    BlockJob reused = free.poll();
    return reused != null ? reused : newJob.get();
  }

  /** Lets a filled block be packed; stores those before it as far as needed to stay in bounds. */
  void submit(BlockJob block) throws IOException {
    while (inFlight.size() >= maxInFlight) {
      storeFirst();
    }
    inFlight.add(block);
    peakInFlight = Math.max(peakInFlight, inFlight.size());
    try {
      executor.execute(block.task());
    } catch (RejectedExecutionException e) {
      // A pool that is full or shutting down: storeFirst packs the block on this thread.
    }
    while (!inFlight.isEmpty() && inFlight.element().task().isDone()) {
      storeFirst();
    }
  }

  /**
   * Packs a last block, and stores all that are left. Where it is the only one, nobody is woken.
   */
  void finish(BlockJob last) throws IOException {
    if (inFlight.isEmpty()) {
      inFlight.add(last);
      peakInFlight = Math.max(peakInFlight, 1);
    } else {
      submit(last);
    }
    drain();
  }

  /** Stores all that are left. */
  void drain() throws IOException {
    while (!inFlight.isEmpty()) {
      storeFirst();
    }
  }

  /** Lets go of what has not begun. */
  void cancel() {
    inFlight.forEach(block -> block.task().cancel(false));
    inFlight.clear();
    free.clear();
  }

  /** The most blocks that were in flight at once. */
  int peakInFlight() {
    return peakInFlight;
  }

  private void storeFirst() throws IOException {
    BlockJob block = inFlight.remove();
    // Does nothing if another thread has begun it; else saves from waiting for a pool whose threads
    // may all be waiting as this one would.
    block.task().run();
    try {
      store.store(block.task().get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("the codec failed on a block: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException failure =
          new InterruptedIOException("interrupted while a block was being compressed");
      failure.initCause(e);
      throw failure;
    }
    free.add(block.reset());
  }
}
