package dev.stream.core.upload;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactBody;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.retry.Backoff;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Task;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.upload.ExclusiveUpload.ForeignArtefactException;
import dev.stream.core.upload.ReplicaEpisode.Attempt;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores artefacts on one replica, one after the other, until it is stopped: whatever the replica
 * throws is told once and tried again.
 */
public final class UploadLane {

  /** What a lane reports. */
  public interface Events {
    /**
     * A listing of the replica is at hand.
     *
     * @throws IOException if nothing may be stored there; it is listed again
     */
    void listed(ReplicaUploader uploader, ArchiveListing listing) throws IOException;

    /**
     * Whether nobody else has begun a generation on the replica since it was listed.
     *
     * @throws IOException if it cannot be asked
     */
    boolean isOurs(ReplicaUploader uploader) throws IOException;

    /** An artefact is on the replica. */
    void stored(ReplicaUploader uploader, SealedArtefact artefact);

    /**
     * Another Stream has stored an artefact under a name of ours. Returns what there is to be told.
     */
    HeldBackException foreign(ReplicaUploader uploader, ForeignArtefactException found);

    /** The replica fails; the first failure of an episode, whichever lane meets it. */
    void failing(ReplicaUploader uploader, String message);

    /** Nothing fails there any more; once for each {@link #failing}. */
    void recovered(ReplicaUploader uploader);
  }

  private static final Logger LOG = LoggerFactory.getLogger(UploadLane.class);
  private static final Backoff OUTAGE = Backoff.STANDARD;
  private static final Backoff HELD = new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(10));
  private static final Backoff REFUSAL = new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(60));

  private final ReplicaUploader uploader;
  private final boolean snapshots;
  private final ArtefactBodies bodies;
  private final ExclusiveUpload uploads;
  private final Events events;
  private final Sleeper sleeper;
  private final Random random = new Random();

  public UploadLane(
      ReplicaUploader uploader,
      boolean snapshots,
      ArtefactBodies bodies,
      ExclusiveUpload uploads,
      Events events,
      Sleeper sleeper) {
    this.uploader = uploader;
    this.snapshots = snapshots;
    this.bodies = bodies;
    this.uploads = uploads;
    this.events = events;
    this.sleeper = sleeper;
  }

  /** Begins to store, as a task that is woken when the uploader has something for it. */
  public void start(Tasks tasks) {
    String lane = snapshots ? "stream-snapshots-" : "stream-segments-";
    Task task = tasks.addInterruptible(lane + uploader.name(), this::work);
    uploader.serve(snapshots, task::wake);
    task.start();
  }

  private long work() throws InterruptedException {
    if (uploader.isStopped()) {
      return Task.END;
    }
    if (!snapshots && uploader.isListingDue()) {
      list();
      return Task.NOW;
    }
    if (!snapshots && uploader.isLookDue()) {
      look();
      return Task.NOW;
    }
    SealedArtefact artefact = uploader.next(snapshots);
    if (artefact == null) {
      return Task.NEVER;
    }
    store(artefact);
    return Task.NOW;
  }

  private void list() throws InterruptedException {
    try {
      uploader.listingBegins();
      ArchiveListing listing = uploader.archive().list();
      events.listed(uploader, listing);
    } catch (NewGenerationRefusedException | HeldBackException e) {
      failed(Attempt.LISTING, "gets nothing", e);
      return;
    } catch (IOException | RuntimeException | Error e) {
      failed(Attempt.LISTING, "cannot be listed", e);
      return;
    }
    succeeded(Attempt.LISTING);
    // What failed may have arrived all the same, or may have been given up.
    if (uploader.lacksNothing(false)) {
      succeeded(Attempt.SEGMENT);
    }
    if (uploader.lacksNothing(true)) {
      succeeded(Attempt.SNAPSHOT);
    }
  }

  private void look() throws InterruptedException {
    try {
      if (events.isOurs(uploader)) {
        uploader.looked();
      } else {
        uploader.relist(); // which tells whose it is
      }
    } catch (IOException | RuntimeException | Error e) {
      failed(Attempt.LISTING, "cannot be looked at", e);
      return;
    }
    succeeded(Attempt.LISTING);
  }

  private void store(SealedArtefact artefact) throws InterruptedException {
    ArtefactBody body = null;
    try {
      body = bodies.of(artefact, uploader.name());
      if (body != null) {
        uploads.store(uploader.archive(), artefact.key(), body);
      }
    } catch (ForeignArtefactException e) {
      uploader.failed(artefact);
      failed(storing(), "gets nothing", events.foreign(uploader, e));
      return;
    } catch (IOException | RuntimeException | Error e) {
      uploader.failed(artefact);
      if (body != null && body.isGone()) {
        return; // there will be another one, and the replica has not failed
      }
      failed(storing(), "cannot take " + artefact.key(), e);
      return;
    }
    uploader.finished(artefact, body != null);
    if (body == null) {
      uploader.relist(); // it is no longer to be had: see what is missing now
      return;
    }
    if (succeeded(storing())) {
      uploader.relist(); // whoever brought it back may have brought back something else
    }
    events.stored(uploader, artefact);
  }

  private Attempt storing() {
    return snapshots ? Attempt.SNAPSHOT : Attempt.SEGMENT;
  }

  /** Returns whether attempts of this kind have failed until now. */
  private boolean succeeded(Attempt attempt) throws InterruptedException {
    return uploader
        .episode()
        .succeeded(
            attempt,
            (failures, since) -> {
              LOG.info(
                  "replica {} works again, after {} attempt(s) that failed since {}",
                  uploader.name(),
                  failures,
                  since);
              events.recovered(uploader);
            });
  }

  private void failed(Attempt attempt, String what, Throwable failure) throws InterruptedException {
    if (uploader.isStopped() || Thread.currentThread().isInterrupted()) {
      return;
    }
    Reason reason = reason(failure);
    // A plug-in's own failures have a message for people; its faults often have none at all.
    String why = failure instanceof IOException ? failure.getMessage() : failure.toString();
    String message = "replica " + uploader.name() + " " + what + ": " + why;
    int failures =
        uploader
            .episode()
            .failed(
                attempt,
                message,
                () -> {
                  LOG.warn(
                      "{}; commits stay in the shadow log and are lost with this machine's disk"
                          + " unless another replica has them. {}",
                      message,
                      advice(reason));
                  events.failing(uploader, message);
                });
    LOG.debug("{} (failure {} in a row)", message, failures);
    if (reason == Reason.CONFLICT) {
      uploader.relist();
    }
    sleeper.sleep(backoff(failure, reason).delay(failures, random));
  }

  private static Backoff backoff(Throwable failure, Reason reason) {
    if (failure instanceof HeldBackException) {
      return HELD; // an operator has to act, and waits to see it taken up
    }
    return reason == Reason.UNAVAILABLE ? OUTAGE : REFUSAL;
  }

  private static Reason reason(Throwable failure) {
    if (failure instanceof NewGenerationRefusedException || failure instanceof HeldBackException) {
      return Reason.REJECTED;
    }
    return failure instanceof ReplicaException replica ? replica.reason() : Reason.UNAVAILABLE;
  }

  private static String advice(Reason reason) {
    return switch (reason) {
      case UNAVAILABLE -> "Stream tries again until it can be reached and has room.";
      case ACCESS_DENIED -> "Check its credentials and rights; Stream tries again.";
      case REJECTED, NOT_FOUND -> "Check its configuration; Stream tries again.";
      case CONFLICT -> "Stream looks at what it has, brings what is missing and tries again.";
    };
  }
}
