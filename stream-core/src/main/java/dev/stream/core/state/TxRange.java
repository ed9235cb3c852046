package dev.stream.core.state;

/**
 * A run of transactions.
 *
 * @param first the first one
 * @param last the last one, not before the first
 */
public record TxRange(long first, long last) {

  /** Validates the order. */
  public TxRange {
    if (last < first) {
      throw new IllegalArgumentException("transactions " + first + " to " + last);
    }
  }

  @Override
  public String toString() {
    return first == last ? Long.toString(first) : first + "–" + last;
  }
}
