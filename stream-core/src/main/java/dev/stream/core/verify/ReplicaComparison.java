package dev.stream.core.verify;

import dev.stream.core.read.ChecksumSum;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether replicas hold the same database: a pure function of what was found on each. Replicas may
 * hold different numbers of states, since each is cleaned up by itself and one may lag; but what
 * two of them hold has to be equal.
 *
 * @param standings of each replica, in their order
 * @param problems where two contradict each other
 */
public record ReplicaComparison(List<Standing> standings, List<VerifyProblem> problems) {

  private static final Comparator<ReachableState> OLDEST_FIRST =
      Comparator.comparing(ReachableState::generation).thenComparingLong(ReachableState::txId);

  /** Copies the lists. */
  public ReplicaComparison {
    standings = List.copyOf(standings);
    problems = List.copyOf(problems);
  }

  /**
   * How a replica compares with the others, as of when each was listed.
   *
   * @param replica its name
   * @param newest its newest state; null if it has none
   * @param behindTransactions by how many transactions the replica with the newest state is ahead;
   *     -1 if that is in a later generation, or if this one has no state
   * @param behind by how much time; null if that is not known
   * @param lacking how many states of generations that it has are only on others, apart from those
   *     newer than its own
   */
  public record Standing(
      String replica,
      @Nullable ReachableState newest,
      long behindTransactions,
      @Nullable Duration behind,
      int lacking) {

    /** Whether no replica has a newer state. */
    public boolean upToDate() {
      return behindTransactions == 0;
    }
  }

  /** Whether nothing contradicts. */
  public boolean ok() {
    return problems.isEmpty();
  }

  /** Compares what was found. */
  public static ReplicaComparison of(List<VerifyReport> reports) {
    Optional<ReachableState> best =
        reports.stream().flatMap(report -> newest(report).stream()).max(OLDEST_FIRST);
    List<Standing> standings = new ArrayList<>();
    for (VerifyReport report : reports) {
      standings.add(standing(report, best.orElse(null), lacking(report, reports)));
    }
    List<VerifyProblem> problems = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      for (int j = i + 1; j < reports.size(); j++) {
        compare(reports.get(i), reports.get(j), problems);
      }
    }
    return new ReplicaComparison(standings, problems);
  }

  private static Optional<ReachableState> newest(VerifyReport report) {
    return report.generations().stream()
        .filter(generation -> !generation.states().isEmpty())
        .map(
            generation -> {
              long txId = generation.states().last();
              return new ReachableState(
                  generation.generation(),
                  txId,
                  generation.artefacts().stream()
                      .filter(artefact -> artefact.txId() == txId)
                      .map(WholeArtefact::committedAt)
                      .filter(at -> at != null)
                      .findFirst()
                      .orElse(null));
            })
        .max(OLDEST_FIRST);
  }

  private static Standing standing(
      VerifyReport report, @Nullable ReachableState best, int lacking) {
    ReachableState newest = newest(report).orElse(null);
    if (newest == null || best == null) {
      return new Standing(report.replica(), newest, -1, null, lacking);
    }
    Instant own = newest.committedAt();
    Instant ahead = best.committedAt();
    return new Standing(
        report.replica(),
        newest,
        newest.generation().equals(best.generation()) ? best.txId() - newest.txId() : -1,
        own == null || ahead == null ? null : Duration.between(own, ahead),
        lacking);
  }

  private static int lacking(VerifyReport report, List<VerifyReport> all) {
    int lacking = 0;
    for (GenerationReport generation : report.generations()) {
      NavigableSet<Long> states = generation.states();
      if (states.isEmpty()) {
        continue;
      }
      NavigableSet<Long> others = new TreeSet<>();
      for (VerifyReport other : all) {
        generation(other, generation.generation())
            .ifPresent(same -> others.addAll(same.states().headSet(states.last(), false)));
      }
      others.removeAll(states);
      lacking += others.size();
    }
    return lacking;
  }

  private static Optional<GenerationReport> generation(VerifyReport report, GenerationId id) {
    return report.generations().stream()
        .filter(generation -> generation.generation().equals(id))
        .findFirst();
  }

  private static void compare(VerifyReport one, VerifyReport two, List<VerifyProblem> problems) {
    for (GenerationReport generation : one.generations()) {
      generation(two, generation.generation())
          .ifPresent(
              other -> {
                String names = one.replica() + " and " + two.replica();
                compareBytes(names, generation, other, problems);
                compareStates(names, generation, other, problems);
              });
    }
  }

  private static void compareBytes(
      String names, GenerationReport one, GenerationReport two, List<VerifyProblem> problems) {
    Map<String, WholeArtefact> byKey = new HashMap<>();
    two.artefacts().forEach(artefact -> byKey.put(artefact.key(), artefact));
    for (WholeArtefact artefact : one.artefacts()) {
      WholeArtefact other = byKey.get(artefact.key());
      if (other != null && artefact.isOtherBytes(other)) {
        problems.add(
            new VerifyProblem(
                artefact.key(),
                names
                    + " hold different contents as "
                    + artefact.key()
                    + ": "
                    + artefact.size()
                    + " bytes with checksum "
                    + ChecksumSum.hex(artefact.fileChecksum())
                    + ", and "
                    + other.size()
                    + " bytes with "
                    + ChecksumSum.hex(other.fileChecksum())));
      }
    }
  }

  /** Once two have parted, all later states differ, too: the first is told. */
  private static void compareStates(
      String names, GenerationReport one, GenerationReport two, List<VerifyProblem> problems) {
    Map<Long, WholeArtefact> byTxId = new TreeMap<>();
    two.artefacts().forEach(artefact -> byTxId.put(artefact.txId(), artefact));
    WholeArtefact first = null;
    int differing = 0;
    for (WholeArtefact artefact : one.artefacts()) {
      WholeArtefact other = byTxId.get(artefact.txId());
      if (other == null || other.checksum() == artefact.checksum()) {
        continue;
      }
      differing++;
      if (first == null || artefact.txId() < first.txId()) {
        first = artefact;
      }
    }
    if (first != null) {
      problems.add(
          new VerifyProblem(
              first.key(),
              names
                  + " hold different databases as of transaction "
                  + first.txId()
                  + " of generation "
                  + one.generation()
                  + (differing == 1 ? "" : ", and in " + (differing - 1) + " more places")
                  + "; at least one of them is not what was captured"));
    }
  }
}
