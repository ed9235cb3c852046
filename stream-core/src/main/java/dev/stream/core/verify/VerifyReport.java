package dev.stream.core.verify;

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

  /**
   * Whether there is something, all of it is whole, and every newest state is proven. An earlier
   * generation without any snapshot does not count: it was given up before its first one was
   * stored, and nothing ever depended on it.
   */
  public boolean ok() {
    int last = generations.size() - 1;
    return last >= 0
        && generations.get(last).ok()
        && generations.subList(0, last).stream()
            .allMatch(generation -> generation.ok() || generation.snapshots() == 0);
  }
}
