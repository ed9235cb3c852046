package dev.stream.core.commit;

import java.time.Duration;
import java.util.Objects;

/**
 * What a commit waits for before it returns.
 *
 * @param replicas how many of the replicas have to be able to restore it
 * @param timeout for how long at most
 * @param unconfirmed what happens then
 */
public record CommitQuorum(int replicas, Duration timeout, Unconfirmed unconfirmed) {

  /** What happens to a commit that too few replicas have in time. It is in the database anyway. */
  public enum Unconfirmed {
    /**
     * The call fails with an {@code SQLException} of state {@code 08007}, transaction resolution
     * unknown: the application must not repeat it, and decides what it tells its users.
     */
    FAIL,
    /** The call returns as if nothing was asked for, with a warning in the log once per episode. */
    GO_ON
  }

  /** Validates. */
  public CommitQuorum {
    Objects.requireNonNull(unconfirmed, "unconfirmed");
    if (replicas < 1) {
      throw new IllegalArgumentException("replicas must be at least 1: " + replicas);
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be longer than zero: " + timeout);
    }
  }
}
