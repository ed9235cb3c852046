package dev.stream.core.restore;

import dev.stream.core.state.ReachableState;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.timeline.RestoreOffer;
import java.util.List;
import java.util.stream.Collectors;

/** Says why a replica is the one that is restored from. */
final class ReplicaChoice {

  private ReplicaChoice() {}

  /** A sentence without its full stop. The offers before the chosen one have failed. */
  static String reason(RestoreCandidates candidates, RestoreOffer chosen, RestorerBuilder options) {
    if (options.onlyReplica != null) {
      return "it was asked for";
    }
    if (options.replicas.size() == 1) {
      return "it is the only replica";
    }
    List<RestoreOffer> offers = candidates.offers();
    int index = offers.indexOf(chosen);
    if (index < 0) {
      return "an older state was accepted, and it has "
          + new ReachableState(chosen.generation(), chosen.txId(), chosen.committedAt());
    }
    List<RestoreOffer> failed = offers.subList(0, index);
    List<RestoreOffer> others = offers.subList(index + 1, offers.size());
    String wanted = options.state instanceof RestoreTarget.Newest ? "newest" : "nearest";
    String before = failed.isEmpty() ? "" : names(failed) + " failed; of the others ";
    if (others.isEmpty()) {
      return failed.isEmpty()
          ? "no other replica can yield the state"
          : names(failed) + " failed, and no other replica can yield the state";
    }
    RestoreOffer next = others.get(0);
    if (next.isOlderThan(chosen)) {
      return before
          + "it has the "
          + wanted
          + " state, "
          + new ReachableState(chosen.generation(), chosen.txId(), chosen.committedAt())
          + "; "
          + others.stream().map(RestoreOffer::toString).collect(Collectors.joining(", "))
          + (next.generation().equals(chosen.generation()) ? "" : " of an earlier generation");
    }
    List<RestoreOffer> equal = others.stream().filter(other -> !other.isOlderThan(chosen)).toList();
    return before
        + "it comes first in the configuration; "
        + names(equal)
        + (equal.size() == 1 ? " has" : " have")
        + " the same state";
  }

  private static String names(List<RestoreOffer> offers) {
    return offers.stream().map(RestoreOffer::replica).collect(Collectors.joining(", "));
  }
}
