package dev.stream.source.bolt;

import org.jspecify.annotations.Nullable;

/** Whether a state may follow the one that was captured last. */
final class Doubt {

  /** More transactions than a program commits: the number was not counted up to. */
  private static final long LEAP = 1L << 40;

  private Doubt() {}

  /** Why it may not; null if it may. */
  static @Nullable String of(BoltState known, String identity, BoltMeta newest) {
    BoltMeta last = known.meta();
    if (!known.identity().equals(identity)) {
      return "the database file was replaced by another one";
    }
    if (last.pageSize() != newest.pageSize()) {
      return "the page size changed from " + last.pageSize() + " to " + newest.pageSize();
    }
    if (last.isAfter(newest)) {
      return "the transaction number went back from "
          + Long.toUnsignedString(last.txId())
          + " to "
          + Long.toUnsignedString(newest.txId());
    }
    if (last.txId() == newest.txId() && !last.equals(newest)) {
      return "transaction " + Long.toUnsignedString(last.txId()) + " is not what it was";
    }
    if (newest.txId() - last.txId() > LEAP) {
      return "the transaction number leapt to " + Long.toUnsignedString(newest.txId());
    }
    return null;
  }
}
