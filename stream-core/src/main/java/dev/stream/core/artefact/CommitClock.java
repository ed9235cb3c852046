package dev.stream.core.artefact;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * When a state of a database was captured: by the capturing machine's clock, and how often that was
 * found set back before. So it never decreases along the states of a generation at which its
 * segments end, whatever the clock did. Carried along with it: how often until then states were
 * passed over.
 *
 * @param steps how often, in this generation, the clock was found set back
 * @param lastCommitAt when the commit was captured that led to the state, in whole microseconds
 * @param catchUps how often, in this generation, transactions were captured as one; says nothing of
 *     the order
 */
public record CommitClock(int steps, Instant lastCommitAt, int catchUps)
    implements Comparable<CommitClock> {

  private static final Comparator<CommitClock> ORDER =
      Comparator.comparingInt(CommitClock::steps).thenComparing(CommitClock::lastCommitAt);

  /** Validates the counts and cuts off what the shadow log does not keep. */
  public CommitClock {
    if (steps < 0) {
      throw new IllegalArgumentException("clockSteps is out of range: " + steps);
    }
    if (catchUps < 0) {
      throw new IllegalArgumentException("catchUpsSoFar is out of range: " + catchUps);
    }
    lastCommitAt = lastCommitAt.truncatedTo(ChronoUnit.MICROS);
  }

  /** That of the state in which a generation begins. */
  public static CommitClock begin(Instant at) {
    return new CommitClock(0, at, 0);
  }

  /** That of a later state, captured when the clock showed {@code at}. */
  public CommitClock next(Instant at) {
    Instant later = at.truncatedTo(ChronoUnit.MICROS);
    return new CommitClock(later.isBefore(lastCommitAt) ? steps + 1 : steps, later, catchUps);
  }

  /** The same, if the transactions that led to the state were captured as one. */
  public CommitClock caughtUp() {
    return new CommitClock(steps, lastCommitAt, catchUps + 1);
  }

  /**
   * That of the state to which an artefact leads.
   *
   * @return null if its header does not say, as of an artefact that another program wrote
   */
  public static @Nullable CommitClock of(ArtefactHeader header) {
    String at = header.additionalAttrs().get(ArtefactHeader.LAST_COMMIT_AT);
    String steps = header.additionalAttrs().getOrDefault(ArtefactHeader.CLOCK_STEPS, "0");
    String catchUps = header.additionalAttrs().getOrDefault(ArtefactHeader.CATCH_UPS_SO_FAR, "0");
    if (at == null) {
      return null;
    }
    try {
      return new CommitClock(
          Integer.parseInt(steps), Instant.parse(at), Integer.parseInt(catchUps));
    } catch (DateTimeException | IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public int compareTo(CommitClock other) {
    return ORDER.compare(this, other);
  }
}
