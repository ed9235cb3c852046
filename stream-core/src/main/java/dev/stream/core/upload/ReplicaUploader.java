package dev.stream.core.upload;

import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.schedule.Environment;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.upload.WrittenGeneration.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one replica lacks, and the two lanes that bring it there: segments in order, and beside them
 * what may be large and would delay them: snapshots, and merged segments once nothing captured
 * waits. Lag does not count those: a restore does without. Safe for use by several threads.
 */
public final class ReplicaUploader {

  private final String name;
  private final ReplicaArchive archive;
  private final ReplicaEpisode episode;
  private final PendingArtefacts pending = new PendingArtefacts();
  private final UploadHold hold = new UploadHold();
  private final ReplicaLooks looks;
  private final ReplicaReach reach;
  private Runnable segmentLane = () -> {};
  private Runnable snapshotLane = () -> {};
  private volatile boolean stopped;

  /**
   * An uploader.
   *
   * @param local what the shadow directory has: all of it, until a listing tells
   * @param complete a generation of which the replica is taken to have a snapshot until then
   */
  public ReplicaUploader(
      String name,
      ReplicaArchive archive,
      List<SealedArtefact> local,
      @Nullable GenerationId complete,
      Environment environment) {
    this.name = name;
    this.archive = archive;
    this.episode = new ReplicaEpisode(environment.clock());
    this.looks = new ReplicaLooks(new ReplicaContact(environment.nanoTime(), environment.clock()));
    this.reach = new ReplicaReach(complete);
    Set<SealedArtefact> spare = Reconciliation.spare(local);
    local.forEach(artefact -> pending.add(artefact, spare.contains(artefact)));
  }

  public String name() {
    return name;
  }

  public ReplicaArchive archive() {
    return archive;
  }

  /** What was captured after a generation is kept here, and not for the replica. */
  public synchronized void holdBack(GenerationId after, String why) {
    hold.holdBack(after, why);
    changed();
  }

  /**
   * It is for the replica now.
   *
   * @param after the last generation that always was
   * @param until the last one after it that never is; null if all are
   */
  public synchronized void release(@Nullable GenerationId after, @Nullable GenerationId until) {
    hold.release();
    if (after != null && until != null) {
      pending.giveUp(after, until);
    }
    relist();
  }

  /** Nothing more of a generation is for the replica. */
  public synchronized void giveUp(GenerationId generation) {
    pending.giveUp(generation);
    changed();
  }

  /** The replica gets nothing until a listing shows that it is not another's. */
  public synchronized void refuse(String why) {
    hold.refuse(why);
    changed();
  }

  /** Returns whether it was refused until now. */
  public synchronized boolean admit() {
    return hold.admit();
  }

  /** A new artefact is in the shadow directory. */
  public synchronized void offer(SealedArtefact artefact) {
    pending.add(artefact, artefact.level() > 0); // its parts were offered before it
    changed();
  }

  /** Whether the artefact must stay in the shadow directory for this replica's sake. */
  public synchronized boolean needs(SealedArtefact artefact) {
    return pending.contains(artefact);
  }

  /** Whether a snapshot is to be stored here, and nothing but the replica is in the way. */
  public synchronized boolean awaits(SealedArtefact snapshot) {
    return !hold.isRefused() && !hold.holds(snapshot.generation()) && pending.isPending(snapshot);
  }

  /**
   * A snapshot cannot be had any more. Where it was awaited the replica is listed anew, and one
   * that lacks a snapshot asks for another; not where it is held back, until it is released.
   *
   * @return whether the replica has to do without
   */
  public synchronized boolean withdraw(SealedArtefact snapshot) {
    if (awaits(snapshot)) {
      looks.relist();
    }
    boolean was = pending.drop(snapshot);
    changed();
    return was;
  }

  /** Whether the replica has a snapshot of a generation. */
  public synchronized boolean hasSnapshotOf(GenerationId generation) {
    return reach.hasSnapshotOf(generation);
  }

  /** Gives up what is pending, or will be sealed yet, of generations before this one. */
  public synchronized void dropBefore(GenerationId generation) {
    pending.dropBefore(generation);
    changed();
  }

  /** Gives up merged segments that are pending; returns whether there were any. */
  public synchronized boolean dropMerged() {
    boolean any = pending.dropMerged();
    changed();
    return any;
  }

  /** The next listing is due: the replica may not be as it was. */
  public synchronized void relist() {
    looks.relist();
    changed();
  }

  public synchronized boolean isListingDue() {
    return looks.isListingDue();
  }

  /** The next look is due: who writes there, or a listing where no object tells that. */
  public synchronized void relook() {
    looks.relook();
    changed();
  }

  /** A folder that is no longer mounted would otherwise go unnoticed until the next listing. */
  public void lookIfIdle() {
    if (archive.replica() instanceof MarkedReplica marked && marked.isLookDue()) {
      relook();
    }
  }

  synchronized boolean isLookDue() {
    return looks.isLineDue();
  }

  /** A look told that nobody else has begun a generation there. */
  synchronized void looked() {
    looks.looked();
    changed();
  }

  /** What there is of the object that tells who writes, after a listing. */
  public synchronized void claimed(Claim claim) {
    looks.claimed(claim);
    changed();
  }

  /** Whether what is captured in a generation is kept here, and not for the replica. */
  public synchronized boolean isHeldBack(GenerationId generation) {
    return hold.holds(generation);
  }

  /** A listing is about to be asked for. */
  public synchronized void listingBegins() {
    looks.listingBegins();
  }

  /** Takes over what a listing told; false if it may lack what was stored since it began. */
  public synchronized boolean listed(
      Reconciliation found, GenerationId generation, long sealedTxId) {
    if (looks.isOutdated()) {
      return false;
    }
    pending.replace(found);
    boolean whole = found.snapshot() && !found.hole(); // else it waits for a new snapshot
    if (whole) {
      reach.listed(generation, pending.isEmpty(false) ? sealedTxId : -1);
    } else {
      reach.listedWithoutSnapshot(sealedTxId);
    }
    looks.listed();
    changed();
    return true;
  }

  /** Who is woken when there is something for a lane to do. */
  synchronized void serve(boolean ofSnapshots, Runnable wake) {
    if (ofSnapshots) {
      snapshotLane = wake;
    } else {
      segmentLane = wake;
    }
  }

  private void changed() {
    notifyAll();
    boolean asked = looks.isDue();
    if (stopped || asked || pending.head(false, hold) != null) {
      segmentLane.run();
    }
    if (stopped || (!asked && pending.head(true, hold) != null)) {
      snapshotLane.run();
    }
  }

  /**
   * Work of a lane.
   *
   * @return the next artefact, which is now being uploaded; null if there is none, or nothing may
   *     be stored before a listing or a look
   */
  synchronized @Nullable SealedArtefact next(boolean ofSnapshots) {
    SealedArtefact artefact = pending.head(ofSnapshots, hold);
    if (stopped || looks.isDue() || artefact == null) {
      return null;
    }
    if (looks.comesFirst()) {
      changed();
      return null;
    }
    pending.begin(artefact);
    return artefact;
  }

  /** An artefact is on the replica, or was given up. */
  public synchronized void finished(SealedArtefact artefact, boolean isStored) {
    boolean spare = pending.finished(artefact);
    if (isStored) {
      looks.stored();
      if (reach.stored(artefact, !spare)) {
        looks.relist();
      }
    }
    changed();
  }

  /** An attempt failed; the artefact stays pending. */
  synchronized void failed(SealedArtefact artefact) {
    pending.failed(artefact);
  }

  ReplicaEpisode episode() {
    return episode;
  }

  /** Whether there is nothing to store for a lane, so that nothing can fail there. */
  synchronized boolean lacksNothing(boolean ofSnapshots) {
    return pending.isEmpty(ofSnapshots);
  }

  /** Why the replica fails now; null if it does not. */
  public @Nullable String error() {
    String held = heldBack();
    return held != null ? held : episode.error();
  }

  /** Why something is held back from the replica; null if nothing is. */
  synchronized @Nullable String heldBack() {
    return hold.why();
  }

  /** Whether the replica can be restored to a transaction that is sealed. */
  synchronized boolean has(GenerationId generation, long txId) {
    SealedArtefact lacked = pending.firstSegment(generation);
    return looks.isKnown()
        && reach.hasSnapshotOf(generation)
        && (lacked == null || lacked.firstTxId() > txId);
  }

  /**
   * Whether the replica can be restored to a transaction, sealed or not: it was given something
   * that leads so far, and nothing before that is missing.
   */
  public synchronized boolean reaches(GenerationId generation, long txId) {
    return has(generation, txId) && reach.reached() >= txId;
  }

  /**
   * Waits until the replica has a transaction, the time is up, or the generation has ended, of
   * which {@link #relist} tells.
   */
  public synchronized boolean awaitHas(
      GenerationId generation, long txId, long deadlineNanos, BooleanSupplier current)
      throws InterruptedException {
    while (!has(generation, txId)) {
      long left = deadlineNanos - System.nanoTime();
      if (left <= 0 || stopped || !current.getAsBoolean()) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** Waits until nothing is pending but what is held back, or the time is up. */
  public synchronized boolean awaitDrained(long deadlineNanos) throws InterruptedException {
    while (!hold.isRefused()
        && (looks.isListingDue()
            || pending().stream().anyMatch(one -> !hold.holds(one.generation())))) {
      long left = deadlineNanos - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return hold.why() == null;
  }

  /**
   * Another generation begins while the replica lacks commits of the one before, which it may never
   * get: it lacks them until it has a snapshot of the new one, which holds what they changed.
   */
  public synchronized void owes(Instant since, GenerationId next) {
    reach.owes(since, next);
  }

  /** Since when the replica lacks something; null if it has everything that is sealed. */
  public synchronized @Nullable Instant lackingSince(GenerationStart start) {
    return reach.lackingSince(start, pending.firstSegment(start.generation()));
  }

  /** The artefacts that are pending. */
  public synchronized List<SealedArtefact> pending() {
    return pending.all();
  }

  public synchronized ReplicaStatus status(Duration dataLossWindow) {
    List<SealedArtefact> lacking = pending.all();
    GenerationId at = reach.generation();
    return new ReplicaStatus(
        name,
        archive.replica().name(),
        at == null ? null : at.value(),
        reach.reached(),
        lacking.size(),
        lacking.stream().mapToLong(SealedArtefact::size).sum(),
        error(),
        dataLossWindow);
  }

  boolean isStopped() {
    return stopped;
  }

  public synchronized void stop() {
    stopped = true;
    changed();
  }
}
