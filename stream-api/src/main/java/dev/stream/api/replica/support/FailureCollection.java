package dev.stream.api.replica.support;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The failures of an operation that tries everything before it fails. Thread-safe. */
public final class FailureCollection {

  /** So many are enough to see what is wrong with a thousand objects. */
  private static final int MOST_SUPPRESSED = 20;

  private @Nullable IOException first;
  private int suppressed;

  /** None so far. */
  public FailureCollection() {}

  /** Adds a failure: the first is the one to be thrown, later ones are suppressed by it. */
  public synchronized void add(IOException failure) {
    if (first == null) {
      first = failure;
    } else if (first != failure && suppressed++ < MOST_SUPPRESSED) {
      first.addSuppressed(failure);
    }
  }

  /** Throws the first failure, if there was one. */
  public synchronized void rethrow() throws IOException {
    if (first != null) {
      throw first;
    }
  }
}
