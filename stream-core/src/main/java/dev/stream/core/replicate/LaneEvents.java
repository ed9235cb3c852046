package dev.stream.core.replicate;

import dev.stream.core.StreamListener;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.replicate.ExclusiveUpload.ForeignArtefactException;
import dev.stream.core.shadow.SealedArtefact;
import java.io.IOException;
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
  private final Meetings meetings;
  private final Pruners pruners;
  private final ShadowContents contents;
  private final CurrentGeneration generation;
  private final StreamListener listener;

  LaneEvents(
      StartCheck check,
      ReplicaAudit audit,
      Meetings meetings,
      Pruners pruners,
      ShadowContents contents,
      CurrentGeneration generation,
      StreamListener listener) {
    this.check = check;
    this.audit = audit;
    this.meetings = meetings;
    this.pruners = pruners;
    this.contents = contents;
    this.generation = generation;
    this.listener = listener;
  }

  @Override
  public void listed(ReplicaUploader uploader, ArchiveListing listing) throws IOException {
    if (generation.get() != null) {
      check.admit(uploader.name(), listing);
    }
    if (audit.listed(uploader, listing)) {
      pruners.of(uploader).listed(listing);
    }
    contents.prune();
  }

  @Override
  public HeldBackException foreign(ReplicaUploader uploader, ForeignArtefactException found) {
    HeldBackException met = meetings.collided(uploader, String.valueOf(found.getMessage()));
    uploader.relist();
    return met;
  }

  @Override
  public void stored(ReplicaUploader uploader, SealedArtefact artefact) {
    LOG.debug("replica {} has {}", uploader.name(), artefact.key());
    pruners.of(uploader).stored();
    contents.prune();
  }

  @Override
  public void failing(ReplicaUploader uploader, String message) {
    listener.onReplicaFailing(uploader.name(), message);
  }

  @Override
  public void recovered(ReplicaUploader uploader) {
    listener.onReplicaRecovered(uploader.name());
  }
}
