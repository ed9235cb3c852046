package dev.stream.core.replicate;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.guard.LineageGuard;
import dev.stream.core.guard.WriterConflicts;
import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.ShadowCatalog;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.GenerationCause;
import dev.stream.core.upload.HeldBackException;
import dev.stream.core.upload.Reconciliation;
import dev.stream.core.upload.ReplicaUploader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/** Holds a replica's listing against the shadow directory, and acts on what it finds. */
final class ReplicaAudit {

  private final ReplicationParts parts;
  private final ShadowCatalog catalog;
  private final LineageGuard guard;
  private final WriterConflicts conflicts;
  private final Duration interval;
  private final Clock clock;
  private Instant askedAt;

  ReplicaAudit(
      ReplicationParts parts,
      ShadowCatalog catalog,
      LineageGuard guard,
      WriterConflicts conflicts,
      Duration interval,
      Clock clock) {
    this.parts = parts;
    this.catalog = catalog;
    this.guard = guard;
    this.conflicts = conflicts;
    this.interval = interval;
    this.clock = clock;
    this.askedAt = clock.instant();
  }

  /**
   * Asks for a listing of each replica once per interval: one that is wiped while there is nothing
   * to store would otherwise go unnoticed.
   *
   * @param worth whether a replica is worth the request this time
   */
  void tick(Predicate<ReplicaUploader> worth) {
    Instant now = clock.instant();
    Duration since = Duration.between(askedAt, now);
    if (since.isNegative() || since.compareTo(interval) >= 0) {
      askedAt = now; // also if the clock was set back
      parts.uploaders().stream().filter(worth).forEach(ReplicaUploader::relist);
    }
  }

  /**
   * Acts on a listing.
   *
   * @return whether the replica is as it should be; if not, it must not lose anything
   * @throws HeldBackException if another Stream writes there, so that it must get nothing either
   */
  boolean listed(ReplicaUploader uploader, ArchiveListing listing) throws HeldBackException {
    GenerationStart start = parts.generation().get();
    if (start == null) {
      return false;
    }
    // In this order: what is sealed between the two is missing on the replica, never a hole. And
    // only as far as the catalog knows it: what it lacks looks like something that nobody has.
    long knownTxId = parts.sealing().handedOverTxId();
    boolean firstOnItsWay = parts.snapshots().isFirstOnItsWay(); // and not in the catalog yet
    Reconciliation found;
    boolean met;
    synchronized (catalog) {
      found = Reconciliation.of(listing, catalog.all(), start.generation(), knownTxId);
      met = meets(uploader, found);
      long reached = Math.max(knownTxId, found.beyond()); // which is ours, unless it is another's
      if (!met && !uploader.listed(found, start.generation(), reached)) {
        return false; // it is asked again
      }
    }
    if (met) {
      beginAboveIfAccepted(uploader, found, start);
      return false;
    }
    conflicts.over(uploader);
    listing.generation(start.generation()).ifPresent(parts.snapshots()::listed);
    if (found.hole() && !firstOnItsWay) {
      parts
          .snapshots()
          .request(
              "replica "
                  + uploader.name()
                  + " lacks artefacts that are no longer in the shadow directory",
              uploader::relist);
    }
    return !found.hole() && !guard.isHolding();
  }

  /** Whether the replica has what another Stream wrote. What was sealed since is none of that. */
  private boolean meets(ReplicaUploader uploader, Reconciliation found) {
    return found.foreign() != null || isBeyond(found) || conflicts.collision(uploader) != null;
  }

  private boolean isBeyond(Reconciliation found) {
    return found.beyond() >= 0 && parts.sealing().sealedTxId() < found.beyond();
  }

  /**
   * Whoever meets what another has written stops. To answer with a generation of one's own unasked
   * would take the place of a line that may be the right one, and make the other do the same.
   */
  private void beginAboveIfAccepted(
      ReplicaUploader uploader, Reconciliation found, GenerationStart start)
      throws HeldBackException {
    GenerationId foreign = found.foreign();
    String what = conflicts.collision(uploader);
    if (foreign != null) {
      what = "the later generation " + foreign;
    } else if (isBeyond(found) || what == null) {
      what = "transaction " + found.beyond() + " of generation " + start.generation();
    }
    if (!conflicts.isAccepted(uploader)) {
      throw conflicts.met(uploader, what);
    }
    conflicts.over(uploader);
    uploader.giveUp(start.generation()); // there may be another's artefacts in it
    parts
        .capture()
        .beginGeneration(
            GenerationCause.ACCEPTED,
            "replica " + uploader.name() + " has " + what + ", above which to begin was accepted",
            foreign);
  }
}
