package dev.stream.core.verify;

import dev.stream.core.verify.VerifiedArtefact.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether artefacts that are whole, each by itself, agree with each other. */
final class ChainAudit {

  private final List<VerifyProblem> problems = new ArrayList<>();
  private final List<VerifiedArtefact> consistent = new ArrayList<>();

  ChainAudit(Collection<VerifiedArtefact> artefacts) {
    List<VerifiedArtefact> ordered = new ArrayList<>(artefacts);
    ordered.sort(
        Comparator.comparingLong(VerifiedArtefact::parentTxId)
            .thenComparing(VerifiedArtefact::key));
    Set<State> reachable = new HashSet<>();
    Map<Long, VerifiedArtefact> byTxId = new HashMap<>();
    for (VerifiedArtefact artefact : ordered) {
      if (artefact.snapshot()) {
        agree(artefact, byTxId);
        reachable.add(artefact.state());
        consistent.add(artefact);
      }
    }
    for (VerifiedArtefact artefact : ordered) {
      if (artefact.snapshot()) {
        continue;
      }
      if (reachable.contains(artefact.parent())) {
        agree(artefact, byTxId);
        reachable.add(artefact.state());
        consistent.add(artefact);
      } else if (byTxId.containsKey(artefact.parentTxId())) {
        problems.add(
            new VerifyProblem(
                artefact.key(),
                artefact.key()
                    + " does not follow "
                    + byTxId.get(artefact.parentTxId()).key()
                    + ": it builds on another database as of transaction "
                    + artefact.parentTxId()));
      } else {
        consistent.add(artefact);
      }
    }
  }

  /** Those that may be used together. */
  List<VerifiedArtefact> consistent() {
    return consistent;
  }

  List<VerifyProblem> problems() {
    return problems;
  }

  private void agree(VerifiedArtefact artefact, Map<Long, VerifiedArtefact> byTxId) {
    long txId = artefact.descriptor().lastTxId();
    VerifiedArtefact other = byTxId.putIfAbsent(txId, artefact);
    if (other != null && !other.state().equals(artefact.state())) {
      problems.add(
          new VerifyProblem(
              artefact.key(),
              artefact.key()
                  + " and "
                  + other.key()
                  + " yield different databases as of transaction "
                  + txId));
    }
  }
}
