package dev.stream.testkit.replica;

import dev.stream.api.replica.ReplicaException.Reason;

/** What a {@link FaultyReplica} does to one operation instead of just passing it on. */
public sealed interface Fault {

  /** Refuses before anything happened. */
  static Fault failing(Reason reason) {
    return new Failing(reason);
  }

  /** Does what was asked, and then reports that the store is unavailable. */
  static Fault replyLost() {
    return new ReplyLost();
  }

  /**
   * Breaks the connection after so many bytes: a put then stores nothing, and the stream of an open
   * fails. Other operations are refused.
   */
  static Fault torn(long afterBytes) {
    return new Torn(afterBytes);
  }

  /** Waits for the stall's release before passing the operation on. */
  static Fault stalled(Stall stall) {
    return new Stalled(stall, 0);
  }

  /** Waits for the stall's release when so many bytes of a put have been taken. */
  static Fault stalled(Stall stall, long afterBytes) {
    return new Stalled(stall, afterBytes);
  }

  /** See {@link Fault#failing}. */
  record Failing(Reason reason) implements Fault {}

  /** See {@link Fault#replyLost}. */
  record ReplyLost() implements Fault {}

  /** See {@link Fault#torn}. */
  record Torn(long afterBytes) implements Fault {}

  /** See {@link Fault#stalled(Stall, long)}. */
  record Stalled(Stall stall, long afterBytes) implements Fault {}
}
