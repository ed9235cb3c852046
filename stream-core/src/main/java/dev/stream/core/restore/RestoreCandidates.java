package dev.stream.core.restore;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanProblem;
import dev.stream.core.read.ArtefactDamage;
import dev.stream.core.read.Progress;
import dev.stream.core.read.ReadThreads;
import dev.stream.core.read.ReplicaOnDemand;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.retry.FailureText;
import dev.stream.core.retry.Retry;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.timeline.AlternativeOffer;
import dev.stream.core.timeline.RestoreOffer;
import dev.stream.core.timeline.Timeline;
import dev.stream.core.timeline.TimelineAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks every replica at once what it can offer. The one with the newest state comes first, so that
 * a replica that lags does not win by its place in the configuration; of equals the first
 * configured. Of a moment the newest state that was committed by then is the nearest, too.
 *
 * @param offers the usable ones, best first
 * @param failures why the others are not, in their order
 * @param empty how many answered, and have no artefact
 * @param unasked how many could not be asked
 */
record RestoreCandidates(
    List<RestoreOffer> offers, List<Failure> failures, int empty, int unasked) {

  /**
   * A replica that is of no use.
   *
   * @param replica its name
   * @param problem why
   */
  record Failure(String replica, String problem) {
    String toWarning() {
      return "replica " + replica + " could not be used as it should: " + problem;
    }

    static String list(List<Failure> failures) {
      return failures.stream()
          .map(failure -> failure.replica() + ": " + failure.problem())
          .collect(Collectors.joining("\n  ", "\n  ", ""));
    }
  }

  /** Whether every replica answered, and none has any artefact. */
  boolean allEmpty() {
    return offers.isEmpty() && empty == failures.size();
  }

  /** Whether there is nothing on those that could be asked, and some could not. */
  boolean noneKnown() {
    return offers.isEmpty() && unasked > 0 && empty + unasked == failures.size();
  }

  static RestoreCandidates ask(
      List<ReplicaOnDemand> replicas, RestoreTarget target, Retry retry, Progress progress)
      throws RestoreException {
    List<RestoreOffer> offers = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    int empty = 0;
    int unasked = 0;
    ExecutorService threads = ReadThreads.start(Math.min(8, replicas.size()));
    try {
      List<Future<Asked>> answers = new ArrayList<>();
      for (ReplicaOnDemand replica : replicas) {
        answers.add(threads.submit(() -> ask(replica, target, retry)));
      }
      for (int i = 0; i < replicas.size(); i++) {
        String name = replicas.get(i).name();
        String problem;
        try {
          Asked asked = answers.get(i).get();
          if (asked.offer() != null) {
            offers.add(asked.offer());
            continue;
          }
          problem = String.valueOf(asked.problem());
          empty += asked.empty() ? 1 : 0;
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof IOException cause)) {
            throw ReadThreads.unexpected(e.getCause());
          }
          problem = "cannot be listed: " + FailureText.of(cause);
          unasked++;
        }
        failures.add(new Failure(name, problem));
        progress.replicaFailed(name, problem);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RestoreException(Reason.INTERRUPTED, "interrupted while listing replicas", e);
    } finally {
      ReadThreads.stop(threads);
    }
    offers.sort(RestoreOffer.NEWEST_FIRST);
    return new RestoreCandidates(offers, failures, empty, unasked);
  }

  /** What was asked for may rightly go while it is looked for: then what is left is what counts. */
  private static Asked ask(ReplicaOnDemand replica, RestoreTarget target, Retry retry)
      throws IOException {
    ReplicaArchive archive = replica.archive(retry);
    for (int listings = 1; ; listings++) {
      ArchiveListing listing = archive.list();
      try {
        return ask(replica.name(), archive, listing, target);
      } catch (IOException e) {
        if (!ArtefactDamage.isGone(e) || listings == AlternativeOffer.MAX_LISTINGS) {
          throw e;
        }
      }
    }
  }

  private static Asked ask(
      String name, ReplicaArchive archive, ArchiveListing listing, RestoreTarget target)
      throws IOException {
    Timeline timeline = Timeline.of(archive, listing);
    TimelineAnswer answer = timeline.find(target);
    if (answer.decision() instanceof RestorePlan plan) {
      boolean named =
          target instanceof RestoreTarget.Transaction || target instanceof RestoreTarget.Pin;
      List<String> warnings = new ArrayList<>(plan.warnings());
      warnings.addAll(timeline.problems());
      ReachableState state = answer.state();
      return new Asked(
          new RestoreOffer(
              name,
              archive,
              timeline.sound(),
              new RestorePlan(plan.snapshot(), plan.segments(), warnings),
              state == null ? null : state.committedAt(),
              named ? timeline.after(plan.generation(), plan.txId()) : answer.after()),
          null,
          false);
    }
    RestorePlanProblem problem = (RestorePlanProblem) answer.decision();
    List<String> all = new ArrayList<>(timeline.problems());
    all.add(0, problem.message());
    return new Asked(
        null, String.join("; ", all), problem instanceof RestorePlanProblem.NothingThere);
  }

  private record Asked(@Nullable RestoreOffer offer, @Nullable String problem, boolean empty) {}
}
