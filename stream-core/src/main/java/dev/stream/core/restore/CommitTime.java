package dev.stream.core.restore;

import dev.stream.core.artefact.ArtefactHeader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a transaction was committed. Within a generation these never decrease, although the clock
 * may have been set back.
 *
 * @param clockSteps how often the clock was found set back before, in the generation
 * @param at what the clock showed
 */
record CommitTime(long clockSteps, Instant at) implements Comparable<CommitTime> {

  private static final Comparator<CommitTime> ORDER =
      Comparator.comparingLong(CommitTime::clockSteps).thenComparing(CommitTime::at);

  /** What a header says; null if it says nothing that can be read. */
  static @Nullable CommitTime of(ArtefactHeader header) {
    Map<String, String> attributes = header.additionalAttrs();
    String at = attributes.get(ArtefactHeader.LAST_COMMIT_AT);
    try {
      return at == null
          ? null
          : new CommitTime(
              Long.parseLong(attributes.getOrDefault(CLOCK_STEPS, "0")), Instant.parse(at));
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  private static final String CLOCK_STEPS = "clockSteps";

  @Override
  public int compareTo(CommitTime other) {
    return ORDER.compare(this, other);
  }
}
