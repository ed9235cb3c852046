package dev.stream.core.replicate;

import dev.stream.core.shadow.SealedArtefact;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives up the backlog of replicas that lag when the shadow directory grows too large. */
final class ShadowLimit {

  private static final Logger LOG = LoggerFactory.getLogger(ShadowLimit.class);

  private final long limit;
  private final Capture capture;
  private final SealingLoop sealing;
  private final ShadowCatalog catalog;
  private final CurrentGeneration generation;

  ShadowLimit(
      long limit,
      Capture capture,
      SealingLoop sealing,
      ShadowCatalog catalog,
      CurrentGeneration generation) {
    this.limit = limit;
    this.capture = capture;
    this.sealing = sealing;
    this.catalog = catalog;
    this.generation = generation;
  }

  /** Returns whether a backlog was dropped, so that something may be pruned. */
  boolean enforce(List<ReplicaUploader> uploaders) {
    long bytes = catalog.segmentBytes() + sealing.waitingBytes() + capture.logLength();
    if (generation.get() == null || bytes <= limit) {
      return false;
    }
    List<ReplicaUploader> lagging =
        uploaders.stream().filter(uploader -> backlog(uploader) > limit / 2).toList();
    if (lagging.isEmpty()) {
      return false;
    }
    String reason =
        "the shadow directory has "
            + bytes
            + " bytes of segments, more than the shadowLimit of "
            + limit
            + "; the backlog of "
            + lagging.stream().map(ReplicaUploader::name).toList()
            + " was dropped";
    LOG.error(
        "{}. These replicas stay at their last state until they have the new generation's snapshot;"
            + " see why they lag, or raise shadowLimit",
        reason);
    capture.beginGeneration(reason, null);
    GenerationStart next = generation.get();
    if (next != null) {
      lagging.forEach(uploader -> uploader.dropBefore(next.generation()));
    }
    return true;
  }

  private static long backlog(ReplicaUploader uploader) {
    return uploader.pending().stream()
        .filter(artefact -> !artefact.snapshot())
        .mapToLong(SealedArtefact::size)
        .sum();
  }
}
