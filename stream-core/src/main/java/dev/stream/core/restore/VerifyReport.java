package dev.stream.core.restore;

import java.time.Duration;
import java.util.List;

/**
 * What was found on a replica.
 *
 * @param replica its name
 * @param generations ascending by birth
 * @param objects artefacts read
 * @param bytes stored bytes read
 * @param duration how long it took
 */
public record VerifyReport(
    String replica,
    List<GenerationReport> generations,
    long objects,
    long bytes,
    Duration duration) {

  /** Copies the list. */
  public VerifyReport {
    generations = List.copyOf(generations);
  }

  /** Whether there is something, all of it is whole, and every newest state is proven. */
  public boolean ok() {
    return !generations.isEmpty() && generations.stream().allMatch(GenerationReport::ok);
  }
}
