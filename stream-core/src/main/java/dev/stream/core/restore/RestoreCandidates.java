package dev.stream.core.restore;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationId;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.retry.Retry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Asks every replica at once what it can offer. The one with the newest state comes first, so that
 * a replica that lags does not win by its place in the configuration; of equals the first
 * configured.
 *
 * @param offers the usable ones, best first
 * @param failures why the others are not, in their order
 * @param allEmpty whether every replica answered, and none has any artefact
 */
record RestoreCandidates(List<Offer> offers, List<Failure> failures, boolean allEmpty) {

  /**
   * A replica and how it would be restored from.
   *
   * @param replica its name
   * @param archive where it is
   * @param listing what is there
   * @param plan what would be read
   */
  record Offer(String replica, ReplicaArchive archive, ArchiveListing listing, RestorePlan plan) {
    GenerationId generation() {
      return plan.generation();
    }

    long txId() {
      return plan.txId();
    }
  }

  /**
   * A replica that is of no use.
   *
   * @param replica its name
   * @param problem why
   */
  record Failure(String replica, String problem) {
    static String list(List<Failure> failures) {
      return failures.stream()
          .map(failure -> failure.replica() + ": " + failure.problem())
          .collect(Collectors.joining("\n  ", "\n  ", ""));
    }
  }

  static RestoreCandidates ask(
      List<NamedReplica> replicas, RestoreTarget target, Retry retry, Progress progress)
      throws RestoreException {
    List<Offer> offers = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    int empty = 0;
    ExecutorService threads = Workers.start(Math.min(8, replicas.size()));
    try {
      List<Future<Asked>> answers = new ArrayList<>();
      for (NamedReplica replica : replicas) {
        answers.add(threads.submit(() -> ask(replica, target, retry)));
      }
      for (int i = 0; i < replicas.size(); i++) {
        String name = replicas.get(i).name();
        String problem;
        try {
          Asked asked = answers.get(i).get();
          if (asked.decision() instanceof RestorePlan plan) {
            offers.add(new Offer(name, asked.archive(), asked.listing(), plan));
            continue;
          }
          problem = ((RestorePlanProblem) asked.decision()).message();
          empty += asked.decision() instanceof RestorePlanProblem.NothingThere ? 1 : 0;
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof IOException cause)) {
            throw Workers.unexpected(e.getCause());
          }
          problem = "cannot be listed: " + RestoreFile.describe(cause);
        }
        failures.add(new Failure(name, problem));
        progress.replicaFailed(name, problem);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RestoreException(Reason.INTERRUPTED, "interrupted while listing replicas", e);
    } finally {
      Workers.stop(threads);
    }
    offers.sort(Comparator.comparing(Offer::generation).thenComparingLong(Offer::txId).reversed());
    return new RestoreCandidates(offers, failures, empty == replicas.size());
  }

  private static Asked ask(NamedReplica replica, RestoreTarget target, Retry retry)
      throws IOException {
    ReplicaArchive archive = replica.archive(retry);
    ArchiveListing listing = archive.list();
    return new Asked(archive, listing, RestorePlanner.plan(listing, target));
  }

  private record Asked(ReplicaArchive archive, ArchiveListing listing, RestoreDecision decision) {}
}
