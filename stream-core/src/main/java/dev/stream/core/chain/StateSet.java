package dev.stream.core.chain;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * States, each named by its transaction, in ascending order. Takes eight bytes for each, where a
 * set of objects takes eighty: a replica may have half a million of them. Immutable, thread-safe.
 */
public final class StateSet {

  private final long[] states;

  private StateSet(long[] ascending) {
    this.states = ascending;
  }

  /** The states of a stream, in any order; what comes twice counts once. */
  public static StateSet of(LongStream transactions) {
    long[] sorted = transactions.sorted().toArray();
    int size = 0;
    for (long state : sorted) {
      if (size == 0 || sorted[size - 1] != state) {
        sorted[size++] = state;
      }
    }
    return new StateSet(size == sorted.length ? sorted : Arrays.copyOf(sorted, size));
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return states.length == 0;
  }

  /** How many there are. */
  public int size() {
    return states.length;
  }

  /**
   * The one at a place.
   *
   * @throws IndexOutOfBoundsException if there is no such place
   */
  public long get(int index) {
    return states[index];
  }

  /**
   * The last one.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public long last() {
    return states[states.length - 1];
  }

  /** Where a state is, or, as a negative number, where it would be; as {@link Arrays} has it. */
  public int indexOf(long txId) {
    return Arrays.binarySearch(states, txId);
  }

  /** Whether a state is among them. */
  public boolean contains(long txId) {
    return indexOf(txId) >= 0;
  }

  /** Whether all of others from one of them on are among these. */
  public boolean containsAll(StateSet others, long from) {
    int first = others.indexOf(from);
    for (int i = first < 0 ? -first - 1 : first; i < others.size(); i++) {
      if (!contains(others.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The last one that is not after a transaction; null if there is none. */
  public @Nullable Long floor(long txId) {
    int index = indexOf(txId);
    int at = index < 0 ? -index - 2 : index;
    return at < 0 ? null : states[at];
  }

  /** The first one that is not before a transaction; null if there is none. */
  public @Nullable Long ceiling(long txId) {
    int index = indexOf(txId);
    int at = index < 0 ? -index - 1 : index;
    return at == states.length ? null : states[at];
  }

  /** All of them, ascending. */
  public LongStream stream() {
    return Arrays.stream(states);
  }

  @Override
  public String toString() {
    return Arrays.toString(states);
  }
}
