package dev.stream.core.restore;

import java.util.List;
import java.util.stream.Collectors;

/** Says why a replica is the one that is restored from. */
final class Choice {

  private Choice() {}

  /** A sentence without its full stop. The offers before the chosen one have failed. */
  static String reason(RestoreCandidates candidates, Offer chosen, RestorerBuilder options) {
    if (options.onlyReplica != null) {
      return "it was asked for";
    }
    if (options.replicas.size() == 1) {
      return "it is the only replica";
    }
    List<Offer> offers = candidates.offers();
    int index = offers.indexOf(chosen);
    if (index < 0) {
      return "an older state was accepted, and it has "
          + new ReachableState(chosen.generation(), chosen.txId(), chosen.committedAt());
    }
    List<Offer> failed = offers.subList(0, index);
    List<Offer> others = offers.subList(index + 1, offers.size());
    String wanted = options.state instanceof RestoreTarget.Newest ? "newest" : "nearest";
    String before = failed.isEmpty() ? "" : names(failed) + " failed; of the others ";
    if (others.isEmpty()) {
      return failed.isEmpty()
          ? "no other replica can yield the state"
          : names(failed) + " failed, and no other replica can yield the state";
    }
    Offer next = others.get(0);
    if (next.isOlderThan(chosen)) {
      return before
          + "it has the "
          + wanted
          + " state, "
          + new ReachableState(chosen.generation(), chosen.txId(), chosen.committedAt())
          + "; "
          + others.stream().map(Offer::toString).collect(Collectors.joining(", "))
          + (next.generation().equals(chosen.generation()) ? "" : " of an earlier generation");
    }
    List<Offer> equal = others.stream().filter(other -> !other.isOlderThan(chosen)).toList();
    return before
        + "it comes first in the configuration; "
        + names(equal)
        + (equal.size() == 1 ? " has" : " have")
        + " the same state";
  }

  private static String names(List<Offer> offers) {
    return offers.stream().map(Offer::replica).collect(Collectors.joining(", "));
  }
}
