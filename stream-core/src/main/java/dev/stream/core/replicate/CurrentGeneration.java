package dev.stream.core.replicate;

import org.jspecify.annotations.Nullable;

/** The generation that capture writes now. Safe for use by several threads. */
final class CurrentGeneration {

  private volatile @Nullable GenerationStart start;

  /** Its beginning; null before capture has begun. */
  @Nullable GenerationStart get() {
    return start;
  }

  void began(GenerationStart next) {
    start = next;
  }
}
