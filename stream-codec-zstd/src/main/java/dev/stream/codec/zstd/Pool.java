package dev.stream.codec.zstd;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Keeps at most a few idle contexts. Not one per thread: what a thread holds would be lost with it.
 *
 * @param <T> the context, for one thread at a time
 */
final class Pool<T> {

  private static final int MAX_IDLE = Math.max(2, Runtime.getRuntime().availableProcessors());

  private final ArrayBlockingQueue<T> idle = new ArrayBlockingQueue<>(MAX_IDLE);
  private final Supplier<T> create;
  private final Consumer<T> destroy;

  Pool(Supplier<T> create, Consumer<T> destroy) {
    this.create = create;
    this.destroy = destroy;
  }

  /** Does a piece of work. A context that failed is not used again. */
  int with(ToIntFunction<T> work) {
    T reused = idle.poll();
    T context = reused != null ? reused : create.get();
    boolean sound = false;
    try {
      int result = work.applyAsInt(context);
      sound = true;
      return result;
    } finally {
      if (!sound || !idle.offer(context)) {
        destroy.accept(context);
      }
    }
  }

  /** Number of contexts kept for later. */
  int idle() {
    return idle.size();
  }
}
