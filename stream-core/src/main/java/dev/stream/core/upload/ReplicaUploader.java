package dev.stream.core.upload;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.schedule.ListingRule.Look;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.upload.WrittenGeneration.Claim;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one replica lacks, and the two lanes that bring it there: segments in order, and beside them
 * what may be large and would delay them: snapshots, and merged segments once nothing captured
 * waits. Lag does not count those: a restore does without. Safe for use by several threads.
 */
public final class ReplicaUploader {

  private final String name;
  private final ReplicaArchive archive;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Runnable segmentLane = () -> {};
  private Runnable snapshotLane = () -> {};
  private final UploadQueue segments = new UploadQueue();
  private final UploadQueue merged = new UploadQueue(); // beside others that say the same
  private final SnapshotQueue snapshots = new SnapshotQueue();
  private final Set<ObjectKey> uploading = new HashSet<>();
  private final ReplicaEpisode episode = new ReplicaEpisode();
  private boolean listingDue = true;
  private boolean everListed;
  private @Nullable GenerationId snapshotIn;
  private @Nullable GenerationId floor;
  private final Set<GenerationId> givenUp = new HashSet<>();
  private @Nullable GenerationId heldAfter;
  private @Nullable String heldBack;
  private boolean foreign;
  private final ReplicaContact looks = new ReplicaContact(System::nanoTime, Clock.systemUTC());
  private boolean lookDue;
  private Claim line = Claim.REFUSED;
  private boolean unconfirmed;
  private @Nullable Instant owedSince;
  private @Nullable GenerationId owedUntil;
  private long reached = -1;
  private long stored;
  private long storedAtListing;
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
      @Nullable GenerationId complete) {
    this.name = name;
    this.archive = archive;
    this.snapshotIn = complete;
    Set<ObjectKey> spare = SegmentChain.spare(local, List.of());
    local.forEach(artefact -> add(artefact, spare.contains(artefact.key())));
  }

  public String name() {
    return name;
  }

  public ReplicaArchive archive() {
    return archive;
  }

  /** What was captured after a generation is kept here, and not for the replica. */
  public void holdBack(GenerationId after, String why) {
    lock.lock();
    try {
      heldAfter = after;
      heldBack = why;
      changed();
    } finally {
      lock.unlock();
    }
  }

  /**
   * It is for the replica now.
   *
   * @param after the last generation that always was
   * @param until the last one after it that never is; null if all are
   */
  public void release(@Nullable GenerationId after, @Nullable GenerationId until) {
    lock.lock();
    try {
      heldAfter = null;
      heldBack = null;
      if (after != null && until != null) {
        Predicate<SealedArtefact> never =
            one -> one.generation().compareTo(after) > 0 && one.generation().compareTo(until) <= 0;
        pending().stream().filter(never).forEach(one -> givenUp.add(one.generation()));
        givenUp.add(until);
        segments.removeIf(never);
        merged.removeIf(never);
        snapshots.removeIf(never);
      }
      listingDue = true;
      changed();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more of a generation is for the replica. */
  public void giveUp(GenerationId generation) {
    lock.lock();
    try {
      givenUp.add(generation);
      Predicate<SealedArtefact> of = one -> one.generation().equals(generation) && isIdle(one);
      segments.removeIf(of);
      merged.removeIf(of);
      snapshots.removeIf(of);
      changed();
    } finally {
      lock.unlock();
    }
  }

  /** The replica gets nothing until a listing shows that it is not another's. */
  public void refuse(String why) {
    lock.lock();
    try {
      foreign = true;
      heldBack = why;
      changed();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether it was refused until now. */
  public boolean admit() {
    lock.lock();
    try {
      boolean was = foreign;
      foreign = false;
      if (was) {
        heldBack = null;
      }
      return was;
    } finally {
      lock.unlock();
    }
  }

  private boolean isHeld(SealedArtefact artefact) {
    return isHeldBack(artefact.generation());
  }

  /** A new artefact is in the shadow directory. */
  public void offer(SealedArtefact artefact) {
    lock.lock();
    try {
      add(artefact, artefact.level() > 0); // its parts were offered before it
      changed();
    } finally {
      lock.unlock();
    }
  }

  private void add(SealedArtefact artefact, boolean spare) {
    boolean dropped = floor != null && artefact.generation().compareTo(floor) < 0;
    if (dropped || givenUp.contains(artefact.generation())) {
      return; // what it would follow was given up: it would leave a hole
    }
    if (!artefact.snapshot()) {
      (spare ? merged : segments).add(artefact);
      return;
    }
    snapshots.add(artefact, this::isIdle);
  }

  private boolean isIdle(SealedArtefact artefact) {
    return !uploading.contains(artefact.key());
  }

  /** Whether the artefact must stay in the shadow directory for this replica's sake. */
  public boolean needs(SealedArtefact artefact) {
    lock.lock();
    try {
      return segments.contains(artefact.key())
          || merged.contains(artefact.key())
          || snapshots.contains(artefact.key())
          || uploading.contains(artefact.key());
    } finally {
      lock.unlock();
    }
  }

  /** Whether a snapshot is to be stored here, and nothing but the replica is in the way. */
  public boolean awaits(SealedArtefact snapshot) {
    lock.lock();
    try {
      return !foreign && !isHeld(snapshot) && snapshots.contains(snapshot.key());
    } finally {
      lock.unlock();
    }
  }

  /**
   * A snapshot cannot be had any more. Where it was awaited the replica is listed anew, and one
   * that lacks a snapshot asks for another; not where it is held back, until it is released.
   *
   * @return whether the replica has to do without
   */
  public boolean withdraw(SealedArtefact snapshot) {
    lock.lock();
    try {
      boolean pending = snapshots.contains(snapshot.key());
      if (pending && awaits(snapshot)) {
        listingDue = true;
      }
      snapshots.remove(snapshot.key());
      changed();
      return pending;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the replica has a snapshot of a generation. */
  public boolean hasSnapshotOf(GenerationId generation) {
    lock.lock();
    try {
      return generation.equals(snapshotIn);
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what is pending, or will be sealed yet, of generations before this one. */
  public void dropBefore(GenerationId generation) {
    lock.lock();
    try {
      floor = generation;
      Predicate<SealedArtefact> dropped =
          artefact -> artefact.generation().compareTo(generation) < 0 && isIdle(artefact);
      segments.removeIf(dropped);
      merged.removeIf(dropped);
      snapshots.removeIf(dropped);
      changed();
    } finally {
      lock.unlock();
    }
  }

  /** Gives up merged segments that are pending; returns whether there were any. */
  public boolean dropMerged() {
    lock.lock();
    try {
      int before = merged.all().size();
      merged.removeIf(this::isIdle);
      changed();
      return merged.all().size() < before;
    } finally {
      lock.unlock();
    }
  }

  /** The next listing is due: the replica may not be as it was. */
  public void relist() {
    lock.lock();
    try {
      listingDue = true;
      changed();
    } finally {
      lock.unlock();
    }
  }

  public boolean isListingDue() {
    lock.lock();
    try {
      return listingDue;
    } finally {
      lock.unlock();
    }
  }

  /** The next look is due: who writes there, or a listing where no object tells that. */
  public void relook() {
    lock.lock();
    try {
      lookIsDue();
      changed();
    } finally {
      lock.unlock();
    }
  }

  private void lookIsDue() {
    if (line == Claim.REFUSED) {
      listingDue = true;
    } else {
      lookDue = true;
    }
  }

  boolean isLookDue() {
    lock.lock();
    try {
      return lookDue;
    } finally {
      lock.unlock();
    }
  }

  /** A look told that nobody else has begun a generation there. */
  void looked() {
    lock.lock();
    try {
      lookDue = false;
      looks.looked();
      changed();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What there is of the object that tells who writes, after a listing. If it was written just now,
   * what another stored before is listed, and it is read again once the first artefact is stored.
   */
  public void claimed(Claim claim) {
    lock.lock();
    try {
      line = claim;
      unconfirmed |= claim == Claim.TAKEN;
      listingDue |= claim == Claim.TAKEN;
      changed();
    } finally {
      lock.unlock();
    }
  }

  /** Whether what is captured in a generation is kept here, and not for the replica. */
  public boolean isHeldBack(GenerationId generation) {
    lock.lock();
    try {
      return heldAfter != null && generation.compareTo(heldAfter) > 0;
    } finally {
      lock.unlock();
    }
  }

  /** A listing is about to be asked for. */
  public void listingBegins() {
    lock.lock();
    try {
      storedAtListing = stored;
    } finally {
      lock.unlock();
    }
  }

  /** Takes over what a listing told; false if it may lack what was stored since it began. */
  public boolean listed(Reconciliation found, GenerationId generation, long sealedTxId) {
    lock.lock();
    try {
      if (stored != storedAtListing) {
        return false;
      }
      segments.removeIf(this::isIdle);
      merged.removeIf(this::isIdle);
      snapshots.removeIf(this::isIdle);
      found.missing().stream().filter(this::isIdle).forEach(artefact -> add(artefact, false));
      found.spare().stream().filter(this::isIdle).forEach(artefact -> add(artefact, true));
      givenUp.addAll(found.givenUp());
      boolean whole = found.snapshot() && !found.hole(); // else it waits for a new snapshot
      hasSnapshotIn(whole ? generation : null);
      reached = segments.isEmpty() && whole ? sealedTxId : -1;
      listingDue = false;
      lookDue = false;
      looks.listed();
      everListed = true;
      changed();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Who is woken when there is something for a lane to do. */
  void serve(boolean ofSnapshots, Runnable wake) {
    lock.lock();
    try {
      if (ofSnapshots) {
        snapshotLane = wake;
      } else {
        segmentLane = wake;
      }
    } finally {
      lock.unlock();
    }
  }

  private void changed() {
    changed.signalAll();
    boolean asked = listingDue || lookDue;
    if (stopped || asked || head(false) != null) {
      segmentLane.run();
    }
    if (stopped || (!asked && head(true) != null)) {
      snapshotLane.run();
    }
  }

  /**
   * Work of a lane.
   *
   * @return the next artefact, which is now being uploaded; null if there is none, or nothing may
   *     be stored before a listing or a look
   */
  @Nullable SealedArtefact next(boolean ofSnapshots) {
    lock.lock();
    try {
      SealedArtefact artefact = head(ofSnapshots);
      if (stopped || listingDue || lookDue || artefact == null) {
        return null;
      }
      if (mayHaveBeenTakenOver()) {
        changed();
        return null;
      }
      uploading.add(artefact.key());
      return artefact;
    } finally {
      lock.unlock();
    }
  }

  /** Of segments the oldest, for they are a chain; of snapshots the newest; merged ones last. */
  private @Nullable SealedArtefact head(boolean ofSnapshots) {
    if (!ofSnapshots) {
      return unlessHeld(segments.first());
    }
    SealedArtefact snapshot = snapshots.newest(one -> !isHeld(one));
    return snapshot != null || unlessHeld(segments.first()) != null
        ? snapshot
        : unlessHeld(merged.first());
  }

  /** Later ones are held back as well, since a queue is in the order of generations. */
  private @Nullable SealedArtefact unlessHeld(@Nullable SealedArtefact first) {
    return first == null || isHeld(first) ? null : first;
  }

  /** A process that was stopped for a while, or a machine, may find that another has gone on. */
  private boolean mayHaveBeenTakenOver() {
    Look look = looks.due();
    if (look == Look.WHOLE) {
      listingDue = true;
    } else if (look == Look.LINE) {
      lookIsDue();
    }
    return look != Look.NONE;
  }

  /** An artefact is on the replica, or was given up. */
  public void finished(SealedArtefact artefact, boolean isStored) {
    lock.lock();
    try {
      boolean counts = true;
      stored += isStored ? 1 : 0;
      if (isStored) {
        looks.heard();
        lookDue |= unconfirmed; // another may have written it over in the same moment
        unconfirmed = false;
      }
      uploading.remove(artefact.key());
      if (artefact.snapshot()) {
        snapshots.remove(artefact.key());
        if (isStored && (snapshotIn == null || snapshotIn.compareTo(artefact.generation()) < 0)) {
          hasSnapshotIn(artefact.generation());
          reached = artefact.lastTxId();
        }
      } else {
        boolean spare = merged.remove(artefact.key());
        boolean ignored = segments.remove(artefact.key());
        counts = !spare;
      }
      if (isStored && counts && artefact.generation().equals(snapshotIn)) {
        reached = Math.max(reached, artefact.lastTxId());
      }
      changed();
    } finally {
      lock.unlock();
    }
  }

  private void hasSnapshotIn(@Nullable GenerationId generation) {
    snapshotIn = generation;
    if (generation != null && owedUntil != null && generation.compareTo(owedUntil) >= 0) {
      owedSince = null;
      owedUntil = null;
    }
  }

  /** An attempt failed; the artefact stays pending. */
  void failed(SealedArtefact artefact) {
    lock.lock();
    try {
      uploading.remove(artefact.key());
    } finally {
      lock.unlock();
    }
  }

  ReplicaEpisode episode() {
    return episode;
  }

  /** Whether there is nothing to store for a lane, so that nothing can fail there. */
  boolean lacksNothing(boolean ofSnapshots) {
    lock.lock();
    try {
      return ofSnapshots ? snapshots.all().isEmpty() && merged.isEmpty() : segments.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Why the replica fails now; null if it does not. */
  public @Nullable String error() {
    String held = heldBack();
    return held != null ? held : episode.error();
  }

  /** Why something is held back from the replica; null if nothing is. */
  @Nullable String heldBack() {
    lock.lock();
    try {
      return heldBack;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the replica can be restored to a transaction that is sealed. */
  boolean has(GenerationId generation, long txId) {
    lock.lock();
    try {
      return everListed
          && !listingDue
          && generation.equals(snapshotIn)
          && segments.all().stream()
              .noneMatch(
                  segment ->
                      segment.generation().equals(generation) && segment.firstTxId() <= txId);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the replica has a transaction, the time is up, or the generation has ended, of
   * which {@link #relist} tells.
   */
  public boolean awaitHas(
      GenerationId generation, long txId, long deadlineNanos, BooleanSupplier current)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!has(generation, txId)) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0 || stopped || !current.getAsBoolean()) {
          return false;
        }
        long ignored = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is pending but what is held back, or the time is up. */
  public boolean awaitDrained(long deadlineNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!foreign && (listingDue || pending().stream().anyMatch(one -> !isHeld(one)))) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        long ignored = changed.awaitNanos(left);
      }
      return heldBack == null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Another generation begins while the replica lacks commits of the one before, which it may never
   * get: it lacks them until it has a snapshot of the new one, which holds what they changed.
   */
  public void owes(Instant since, GenerationId next) {
    lock.lock();
    try {
      owedUntil = next;
      owedSince = owedSince == null || since.isBefore(owedSince) ? since : owedSince;
    } finally {
      lock.unlock();
    }
  }

  /** Since when the replica lacks something; null if it has everything that is sealed. */
  public @Nullable Instant lackingSince(GenerationStart start) {
    lock.lock();
    try {
      Instant owed = owedSince;
      if (!start.generation().equals(snapshotIn)) {
        return owed != null && owed.isBefore(start.startedAt()) ? owed : start.startedAt();
      }
      for (SealedArtefact segment : segments.all()) {
        if (segment.generation().equals(start.generation())) {
          return segment.firstCommitAt();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** The artefacts that are pending. */
  public List<SealedArtefact> pending() {
    lock.lock();
    try {
      List<SealedArtefact> all = snapshots.all();
      all.addAll(segments.all());
      all.addAll(merged.all());
      return all;
    } finally {
      lock.unlock();
    }
  }

  public ReplicaStatus status(Duration dataLossWindow) {
    List<SealedArtefact> pending = pending();
    lock.lock();
    try {
      GenerationId at = snapshotIn;
      return new ReplicaStatus(
          name,
          archive.replica().name(),
          at == null ? null : at.value(),
          reached,
          pending.size(),
          pending.stream().mapToLong(SealedArtefact::size).sum(),
          error(),
          dataLossWindow);
    } finally {
      lock.unlock();
    }
  }

  boolean isStopped() {
    return stopped;
  }

  public void stop() {
    stopped = true;
    lock.lock();
    try {
      changed();
    } finally {
      lock.unlock();
    }
  }
}
