package dev.stream.core.replicate;

import dev.stream.core.CatchUp;
import org.jspecify.annotations.Nullable;

/**
 * The generation that capture writes now, and what happened in it last. Safe for use by several
 * threads.
 */
final class CurrentGeneration {

  private volatile @Nullable GenerationStart start;
  private volatile @Nullable CatchUp lastCatchUp;

  /** Its beginning; null before capture has begun. */
  @Nullable GenerationStart get() {
    return start;
  }

  /** The last time since the start that transactions were captured as one; null for never. */
  @Nullable CatchUp lastCatchUp() {
    return lastCatchUp;
  }

  void caughtUp(CatchUp catchUp) {
    lastCatchUp = catchUp;
  }

  void began(GenerationStart next) {
    start = next;
  }
}
