package dev.stream.core.operate;

import dev.stream.api.replica.Replica;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.retention.Deletion;
import dev.stream.core.retention.RetentionPlan;
import dev.stream.core.retention.RetentionPlanner;
import dev.stream.core.retry.FailureText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Deletes from a replica what retention does not keep, once: what a running Stream does by itself,
 * and beside which this may run, for instance with credentials that may delete. Safe for use by
 * several threads.
 *
 * <pre>{@code
 * for (ReplicaConfig replica : config.replicas()) {
 *   ReplicaPruning.prune(replica, config.retention());
 * }
 * }</pre>
 */
public final class ReplicaPruning {

  private ReplicaPruning() {}

  /**
   * What was deleted.
   *
   * @param objects how many snapshots and segments
   * @param bytes their length
   * @param notes what one should know of what is kept, such as pins of nothing; sentences
   */
  public record Pruned(int objects, long bytes, List<String> notes) {

    /** Copies the list. */
    public Pruned {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Deletes what is not to be kept. The newest state, every state of the window and all pins stay
   * restorable at any moment, also if this fails half-way.
   *
   * @param policy what is to be kept
   * @throws IOException if the replica cannot be opened or listed, or does not delete everything
   */
  public static Pruned prune(ReplicaConfig config, RetentionConfig policy) throws IOException {
    try (Replica replica = config.open()) {
      ReplicaArchive archive = new ReplicaArchive(replica);
      Instant now = Instant.now();
      RetentionPlan plan = RetentionPlanner.plan(archive.list(), policy, now, now);
      delete(archive, plan);
      long bytes = plan.going().stream().mapToLong(going -> going.artefact().size()).sum();
      return new Pruned(plan.going().size(), bytes, plan.notes());
    }
  }

  /**
   * Deletes what a plan says; also what comes after an object that cannot be deleted, unless the
   * replica cannot be reached. For Stream's own use.
   *
   * @throws IOException if not everything was deleted
   */
  @SuppressWarnings("exports")
  public static void delete(ReplicaArchive archive, RetentionPlan plan) throws IOException {
    Throwable failure = Deletion.of(archive, plan.goingKeys(), () -> false).failure();
    if (failure != null) {
      throw new IOException(
          "not everything was deleted: "
              + FailureText.of(failure)
              + ". Everything that retention promises can still be restored; run it again, with"
              + " credentials that may delete",
          failure);
    }
  }
}
