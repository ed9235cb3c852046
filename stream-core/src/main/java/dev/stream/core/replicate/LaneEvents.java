package dev.stream.core.replicate;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.guard.StartCheck;
import dev.stream.core.guard.WriterConflicts;
import dev.stream.core.monitor.KnownContents;
import dev.stream.core.retention.Pruners;
import dev.stream.core.schedule.Environment;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.upload.ExclusiveUpload.ForeignArtefactException;
import dev.stream.core.upload.HeldBackException;
import dev.stream.core.upload.ReplicaUploader;
import dev.stream.core.upload.UploadLane;
import dev.stream.core.upload.WrittenGeneration;
import dev.stream.core.upload.WrittenGeneration.Claim;
import java.io.IOException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rest learns from the lanes that upload. A listing is held against the shadow directory
 * first; only one that is beyond doubt is for retention.
 */
final class LaneEvents implements UploadLane.Events {

  private static final Logger LOG = LoggerFactory.getLogger(LaneEvents.class);

  private final StartCheck check;
  private final ReplicaAudit audit;
  private final WriterConflicts conflicts;
  private final Pruners pruners;
  private final ShadowContents contents;
  private final CurrentGeneration generation;
  private final KnownContents known;
  private final StreamListener listener;
  private final InstantSource clock;

  LaneEvents(
      StartCheck check,
      ReplicaAudit audit,
      WriterConflicts conflicts,
      Pruners pruners,
      ShadowContents contents,
      CurrentGeneration generation,
      KnownContents known,
      Environment environment) {
    this.check = check;
    this.audit = audit;
    this.conflicts = conflicts;
    this.pruners = pruners;
    this.contents = contents;
    this.generation = generation;
    this.known = known;
    this.listener = environment.listener();
    this.clock = environment.clock();
  }

  @Override
  public void listed(ReplicaUploader uploader, ArchiveListing listing) throws IOException {
    known.listed(uploader, listing, clock.instant());
    if (generation.get() != null) {
      check.admit(uploader.name(), listing);
    }
    if (audit.listed(uploader, listing)) {
      pruners.of(uploader).listed(listing);
    }
    contents.prune();
    claim(uploader);
  }

  /** Of a replica that was found to be ours to write. */
  private void claim(ReplicaUploader uploader) {
    GenerationStart start = generation.get();
    if (start != null && !uploader.isListingDue() && !uploader.isHeldBack(start.generation())) {
      uploader.claimed(
          WrittenGeneration.claim(
              uploader.archive().replica(), start.generation(), clock.instant()));
    } else {
      uploader.claimed(Claim.REFUSED);
    }
  }

  @Override
  public boolean isOurs(ReplicaUploader uploader) throws IOException {
    GenerationStart start = generation.get();
    return start != null
        && WrittenGeneration.isStill(uploader.archive().replica(), start.generation());
  }

  @Override
  public HeldBackException foreign(ReplicaUploader uploader, ForeignArtefactException found) {
    HeldBackException met = conflicts.collided(uploader, String.valueOf(found.getMessage()));
    uploader.relist();
    return met;
  }

  @Override
  public void stored(ReplicaUploader uploader, SealedArtefact artefact) {
    LOG.debug("replica {} has {}", uploader.name(), artefact.key());
    pruners.of(uploader).stored();
    contents.arrived(artefact);
    known.stored(uploader, artefact, clock.instant());
    listener.onEvent(
        new StreamEvent.ArtefactStored(
            uploader.name(),
            ShadowContents.kind(artefact),
            artefact.generation().value(),
            artefact.lastTxId(),
            artefact.size()));
  }

  @Override
  public void failing(ReplicaUploader uploader, String message) {
    listener.onEvent(new StreamEvent.ReplicaFailing(uploader.name(), message));
  }

  @Override
  public void recovered(ReplicaUploader uploader) {
    listener.onEvent(new StreamEvent.ReplicaRecovered(uploader.name()));
  }
}
