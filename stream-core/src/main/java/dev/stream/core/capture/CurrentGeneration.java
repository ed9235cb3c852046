package dev.stream.core.capture;

import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.status.CatchUp;
import org.jspecify.annotations.Nullable;

/**
 * The generation that capture writes now, and what happened in it last. Safe for use by several
 * threads.
 */
public final class CurrentGeneration {

  private volatile @Nullable GenerationStart start;
  private volatile @Nullable CatchUp lastCatchUp;

  /** Its beginning; null before capture has begun. */
  public @Nullable GenerationStart get() {
    return start;
  }

  /** The last time since the start that transactions were captured as one; null for never. */
  public @Nullable CatchUp lastCatchUp() {
    return lastCatchUp;
  }

  public void caughtUp(CatchUp catchUp) {
    lastCatchUp = catchUp;
  }

  public void began(GenerationStart next) {
    start = next;
  }
}
