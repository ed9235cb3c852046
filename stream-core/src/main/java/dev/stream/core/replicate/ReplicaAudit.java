package dev.stream.core.replicate;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** Holds a replica's listing against the shadow directory, and acts on what it finds. */
final class ReplicaAudit {

  private final Capture capture;
  private final SealingLoop sealing;
  private final SnapshotLoop snapshots;
  private final ShadowCatalog catalog;
  private final CurrentGeneration generation;
  private final Duration interval;
  private final Clock clock;
  private Instant askedAt;

  ReplicaAudit(
      Capture capture,
      SealingLoop sealing,
      SnapshotLoop snapshots,
      ShadowCatalog catalog,
      CurrentGeneration generation,
      Duration interval,
      Clock clock) {
    this.capture = capture;
    this.sealing = sealing;
    this.snapshots = snapshots;
    this.catalog = catalog;
    this.generation = generation;
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
  void tick(List<ReplicaUploader> uploaders, Predicate<ReplicaUploader> worth) {
    Instant now = clock.instant();
    Duration since = Duration.between(askedAt, now);
    if (since.isNegative() || since.compareTo(interval) >= 0) {
      askedAt = now; // also if the clock was set back
      uploaders.stream().filter(worth).forEach(ReplicaUploader::relist);
    }
  }

  /**
   * Acts on a listing.
   *
   * @return whether the replica is as it should be; if not, it must not lose anything
   */
  boolean listed(ReplicaUploader uploader, ArchiveListing listing) {
    GenerationStart start = generation.get();
    if (start == null) {
      return false;
    }
    // In this order: what is sealed between the two is missing on the replica, never a hole.
    long sealedTxId = sealing.sealedTxId();
    Reconciliation found;
    synchronized (catalog) {
      found = Reconciliation.of(listing, catalog.all(), start.generation(), sealedTxId);
      if (!uploader.listed(found, start.generation(), sealedTxId)) {
        return false; // it is asked again
      }
    }
    GenerationId foreign = found.foreign();
    if (foreign != null) {
      capture.beginGeneration(
          "replica "
              + uploader.name()
              + " has the later generation "
              + foreign
              + ", which is not in the shadow directory",
          foreign);
      return false;
    }
    if (found.beyond() >= 0 && sealing.sealedTxId() < found.beyond()) {
      capture.beginGeneration(
          "replica "
              + uploader.name()
              + " has transaction "
              + found.beyond()
              + " of generation "
              + start.generation()
              + ", which is not in the shadow directory",
          null);
      return false;
    }
    if (found.hole()) {
      snapshots.request(
          "replica "
              + uploader.name()
              + " lacks artefacts that are no longer in the shadow directory");
    }
    return !found.hole();
  }
}
