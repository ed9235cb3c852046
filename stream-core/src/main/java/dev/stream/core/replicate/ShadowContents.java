package dev.stream.core.replicate;

import dev.stream.core.compact.CompactionLoop;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowCatalog;
import dev.stream.core.snapshot.LiveSnapshots;
import dev.stream.core.snapshot.SnapshotLoop;
import dev.stream.core.upload.ReplicaUploader;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes into the shadow directory, and when it goes: when every replica has it and nothing is
 * to be merged from it. Thread-safe.
 */
final class ShadowContents implements LiveSnapshots {

  private static final Logger LOG = LoggerFactory.getLogger(ShadowContents.class);

  private final ShadowCatalog catalog;
  private final CompactionLoop compaction;
  private final SnapshotLoop snapshots;
  private final List<ReplicaUploader> uploaders;
  private final ShadowLimit limit;
  private final StreamListener listener;

  ShadowContents(
      ShadowCatalog catalog,
      CompactionLoop compaction,
      SnapshotLoop snapshots,
      List<ReplicaUploader> uploaders,
      ShadowLimit limit,
      StreamListener listener) {
    this.catalog = catalog;
    this.compaction = compaction;
    this.snapshots = snapshots;
    this.uploaders = List.copyOf(uploaders);
    this.limit = limit;
    this.listener = listener;
  }

  /** A snapshot or a merged segment is there; everybody gets to know it. */
  void add(SealedArtefact artefact) {
    synchronized (catalog) { // or it could be pruned, or taken for uploaded, in between
      compaction.sealed(artefact);
      catalog.add(artefact);
      uploaders.forEach(uploader -> uploader.offer(artefact));
    }
    snapshots.sealed(artefact);
    made(artefact);
    if (artefact.snapshot()) {
      LOG.info(
          "snapshot at transaction {} of generation {}: {} bytes",
          artefact.lastTxId(),
          artefact.generation(),
          artefact.size());
      prune();
    }
  }

  @Override
  public void addLive(SealedArtefact snapshot) {
    synchronized (catalog) {
      compaction.sealed(snapshot);
      catalog.addLive(snapshot);
      uploaders.forEach(uploader -> uploader.offer(snapshot));
    }
    LOG.info(
        "snapshot at transaction {} of generation {}: {} bytes, which replicas take from the"
            + " database itself",
        snapshot.lastTxId(),
        snapshot.generation(),
        snapshot.size());
    made(snapshot);
  }

  private void made(SealedArtefact artefact) {
    listener.onEvent(
        new StreamEvent.ArtefactMade(
            kind(artefact),
            artefact.generation().value(),
            artefact.firstTxId(),
            artefact.lastTxId(),
            artefact.size()));
  }

  /** What an artefact holds, as events tell it. */
  static StreamEvent.Artefact kind(SealedArtefact artefact) {
    if (artefact.snapshot()) {
      return StreamEvent.Artefact.SNAPSHOT;
    }
    return artefact.level() > 0
        ? StreamEvent.Artefact.MERGED_SEGMENT
        : StreamEvent.Artefact.SEGMENT;
  }

  /** A replica has an artefact; a snapshot that is not here counts only from then on. */
  void arrived(SealedArtefact artefact) {
    if (artefact.snapshot()) {
      snapshots.sealed(artefact);
    }
    prune();
  }

  @Override
  public void storedLive(SealedArtefact snapshot) {
    synchronized (catalog) {
      catalog.stored(snapshot);
    }
    snapshots.sealed(snapshot);
    prune();
  }

  @Override
  public boolean removeLive(SealedArtefact snapshot) {
    boolean without = false;
    synchronized (catalog) {
      if (catalog.removeLive(snapshot)) {
        for (ReplicaUploader uploader : uploaders) {
          without |= uploader.withdraw(snapshot);
        }
      }
    }
    prune();
    return without;
  }

  /** What was captured has come in, which may be too much. */
  void addCaptured(SealedArtefact segment) {
    add(segment);
    if (limit.enforce(uploaders)) {
      prune();
    }
  }

  /** Gives up what it can if nothing can be written any more. */
  void makeRoom() {
    if (limit.makeRoom()) {
      prune();
    }
  }

  /** Deletes what nobody needs any more. */
  void prune() {
    catalog.prune(
        artefact ->
            compaction.waits(artefact)
                || uploaders.stream().anyMatch(uploader -> uploader.needs(artefact)));
  }
}
