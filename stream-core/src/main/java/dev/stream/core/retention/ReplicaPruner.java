package dev.stream.core.retention;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.Episode;
import dev.stream.core.schedule.ListingRule;
import dev.stream.core.schedule.Task;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes from one replica what it need not keep, beside the lanes that store: a slow deletion
 * keeps no commit from the replica. It works from listings that others asked for, once per {@link
 * #tick}. What cannot be deleted is planned anew at the next one. Safe for use by several threads.
 */
public final class ReplicaPruner {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaPruner.class);

  private final String replica;
  private final ReplicaArchive archive;
  private final RetentionConfig policy;
  private final Clock wall;
  private final CautiousClock clock;
  private final StreamListener listener;
  private final Episode episode = new Episode();
  private final Task task;
  private @Nullable ArchiveListing listing;
  private final ListingRule rule = new ListingRule();
  private boolean due = true;
  private boolean stopped;

  ReplicaPruner(
      String replica,
      ReplicaArchive archive,
      RetentionConfig policy,
      CautiousClock clock,
      Environment environment) {
    this.replica = replica;
    this.archive = archive;
    this.policy = policy;
    this.wall = environment.clock();
    this.clock = clock;
    this.listener = environment.listener();
    this.task = environment.tasks().addInterruptible("stream-prune-" + replica, this::work);
  }

  String replica() {
    return replica;
  }

  /**
   * The interval has passed; with the next listing, what is superfluous is to go.
   *
   * @return whether a listing is worth its request, by {@link ListingRule}
   */
  public synchronized boolean tick() {
    boolean worth = rule.isDueAtCheck(wall.instant());
    due |= worth;
    return worth;
  }

  /** Something was stored on the replica. */
  public synchronized void stored() {
    rule.stored();
  }

  /** A listing of the replica, which is as it should be: what others may doubt is not for here. */
  public synchronized void listed(ArchiveListing sound) {
    rule.listed(wall.instant());
    if (due) {
      due = false;
      listing = sound;
      task.wake();
    }
  }

  /** Why the replica deletes nothing; null if it does. */
  @Nullable String error() {
    return episode.error();
  }

  synchronized void stop() {
    stopped = true;
    task.wake();
  }

  void start() {
    task.start();
  }

  private long work() {
    if (isStopped()) {
      return Task.END;
    }
    prunePending();
    return Task.NEVER;
  }

  /** Works off a listing, if there is one. */
  void prunePending() {
    ArchiveListing next;
    synchronized (this) {
      next = listing;
      listing = null;
    }
    if (next != null) {
      prune(next);
    }
  }

  private synchronized boolean isStopped() {
    return stopped || Thread.currentThread().isInterrupted();
  }

  private void prune(ArchiveListing found) {
    RetentionPlan plan =
        RetentionPlanner.plan(found, policy, clock.now(newestStored(found)), wall.instant());
    plan.notes().forEach(note -> LOG.info("retention of replica {}: {}", replica, note));
    List<ObjectKey> keys = plan.goingKeys();
    Deletion deletion = Deletion.of(archive, keys, this::isStopped);
    if (isStopped()) {
      return;
    }
    Throwable failure = deletion.failure();
    int done = deletion.deleted();
    planned(failure == null, plan.settled());
    if (done > 0) {
      LOG.info("replica {}: {} artefact(s) deleted that nothing needs any more", replica, done);
      listener.onEvent(new StreamEvent.ArtefactsDeleted(replica, done));
    }
    if (failure == null) {
      succeeded();
    } else {
      failed(failure, keys.size() - done);
    }
  }

  private synchronized void planned(boolean done, boolean nothingMore) {
    rule.planned(done, nothingMore);
  }

  private void succeeded() {
    if (episode.succeeded()) {
      LOG.info("replica {} deletes again", replica);
      listener.onEvent(new StreamEvent.RetentionRecovered(replica));
    }
  }

  private void failed(Throwable failure, int left) {
    Reason reason = Deletion.reason(failure);
    String why = failure instanceof IOException ? failure.getMessage() : failure.toString();
    if (reason == Reason.UNAVAILABLE) {
      LOG.info("replica {} cannot delete now, and is asked again later: {}", replica, why);
      return;
    }
    String message =
        "replica "
            + replica
            + " does not delete "
            + left
            + " artefact(s) that nothing needs any more: "
            + why;
    if (episode.failed(message)) {
      LOG.warn(
          "{}. Commits are stored as before and none is at risk, but the replica grows without end."
              + " {} Stream tries again every {}.",
          message,
          reason == Reason.ACCESS_DENIED
              ? "Give its credentials the right to delete objects (S3: s3:DeleteObject; files and"
                  + " SFTP: write access to the folders; NATS: to purge the bucket's stream), or run"
                  + " 'stream prune' elsewhere with credentials that have it."
              : "See what refuses it.",
          policy.checkInterval());
      listener.onEvent(new StreamEvent.RetentionFailing(replica, message));
    }
  }

  private static @Nullable Instant newestStored(ArchiveListing found) {
    return found.generations().stream()
        .flatMap(generation -> generation.artefacts().stream())
        .map(ArtefactDescriptor::storedAt)
        .max(Instant::compareTo)
        .orElse(null);
  }
}
