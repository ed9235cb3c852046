package dev.stream.core.timeline;

import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which states of a generation can be restored.
 *
 * @param generation which generation
 * @param states how many
 * @param stretches from the oldest to the newest; where one does not begin with the state that ends
 *     the one before it, transactions in between are missing
 */
public record ReachableRange(GenerationId generation, int states, List<Stretch> stretches) {

  /** Copies the list. */
  public ReachableRange {
    stretches = List.copyOf(stretches);
  }

  /**
   * A run of states of about the same granularity.
   *
   * @param first its first state
   * @param last its last state; the first one if there is just one
   * @param level the widest compaction level that leads from one of them to the next; 0 as captured
   * @param steps how many states follow the first one
   * @param average how far they are apart on average; null if there is just one, or if the clock
   *     was set back in between
   */
  public record Stretch(
      ReachableState first,
      ReachableState last,
      int level,
      int steps,
      @Nullable Duration average) {}
}
