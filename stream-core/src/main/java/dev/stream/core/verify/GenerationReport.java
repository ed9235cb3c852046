package dev.stream.core.verify;

import dev.stream.core.state.GenerationId;
import dev.stream.core.state.TxRange;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was found of one generation.
 *
 * @param generation which
 * @param snapshots number of snapshots listed
 * @param segments number of segments listed
 * @param bytes their stored bytes
 * @param newestTxId the newest transaction that the listing tells of
 * @param recoverable the transactions that can be restored, by runs; empty if none
 * @param states every state that can be restored, ascending
 * @param artefacts those that are whole, by key
 * @param provenTxId the newest state that was put together from its pages and matched its database
 *     checksum; null if none
 * @param provenChecksum that checksum; null if none
 * @param problems what is damaged, missing or foreign
 */
public record GenerationReport(
    GenerationId generation,
    int snapshots,
    int segments,
    long bytes,
    long newestTxId,
    List<TxRange> recoverable,
    NavigableSet<Long> states,
    List<WholeArtefact> artefacts,
    @Nullable Long provenTxId,
    @Nullable Long provenChecksum,
    List<VerifyProblem> problems) {

  /** Copies the lists. */
  public GenerationReport {
    recoverable = List.copyOf(recoverable);
    states = Collections.unmodifiableNavigableSet(new TreeSet<>(states));
    artefacts = List.copyOf(artefacts);
    problems = List.copyOf(problems);
  }

  /** Whether everything is whole and the newest state is proven. */
  public boolean ok() {
    return problems.isEmpty() && provenTxId != null && provenTxId == newestTxId;
  }

  /** One sentence: up to where recovery is possible, and what breaks it. */
  public String summary() {
    String reach =
        provenTxId == null
            ? "nothing can be recovered"
            : ok()
                ? "proven up to its newest transaction " + provenTxId
                : "recovery is possible up to transaction " + provenTxId + " of " + newestTxId;
    return "generation "
        + generation
        + ": "
        + reach
        + (problems.isEmpty() ? "" : "; " + problems.get(0).text())
        + (problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "");
  }
}
