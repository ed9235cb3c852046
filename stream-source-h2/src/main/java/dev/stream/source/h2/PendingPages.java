package dev.stream.source.h2;

import java.util.BitSet;

/**
 * Pages that were written and that the observer does not have yet, and the number of transactions
 * that wrote them. One bit per page. Not thread-safe.
 */
final class PendingPages {

  private final BitSet pages = new BitSet();
  private long transactions;

  boolean isEmpty() {
    return transactions == 0;
  }

  long transactions() {
    return transactions;
  }

  /** A transaction wrote the pages {@code firstId} to {@code lastId}; none if that is less. */
  void add(long firstId, long lastId) {
    transactions++;
    note(firstId, lastId);
  }

  /** These pages are to be handed over too, as part of the transactions noted. */
  void note(long firstId, long lastId) {
    pages.set(Math.toIntExact(firstId), Math.toIntExact(lastId + 1));
  }

  /** Adds what comes after these. */
  void addAll(PendingPages later) {
    pages.or(later.pages);
    transactions += later.transactions;
  }

  int count() {
    return pages.cardinality();
  }

  /** The first page from {@code id} on; -1 if there is none. */
  long next(long id) {
    return pages.nextSetBit(Math.toIntExact(id));
  }

  /** The last page of the run of neighbours that begins with {@code id}. */
  long endOfRun(long id) {
    return pages.nextClearBit(Math.toIntExact(id)) - 1L;
  }

  void clear() {
    pages.clear();
    transactions = 0;
  }
}
