package dev.stream.core.replicate;

import dev.stream.core.capture.Capture;
import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.compact.CompactionLoop;
import dev.stream.core.schedule.Episode;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowCatalog;
import dev.stream.core.status.GenerationCause;
import dev.stream.core.upload.ReplicaUploader;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the segments and logs in the shadow directory below a limit, by giving up, in this order:
 * segments that wait for nothing but to be merged, which also never take more than half of it;
 * merged segments that a lagging replica lacks; its whole backlog, for which a new generation
 * begins.
 */
final class ShadowLimit {

  private static final Logger LOG = LoggerFactory.getLogger(ShadowLimit.class);

  private final long limit;
  private final Capture capture;
  private final SealingLoop sealing;
  private final CompactionLoop compaction;
  private final ShadowCatalog catalog;
  private final CurrentGeneration generation;
  private final Episode episode = new Episode();

  ShadowLimit(
      long limit,
      Capture capture,
      SealingLoop sealing,
      CompactionLoop compaction,
      ShadowCatalog catalog,
      CurrentGeneration generation) {
    this.limit = limit;
    this.capture = capture;
    this.sealing = sealing;
    this.compaction = compaction;
    this.catalog = catalog;
    this.generation = generation;
  }

  /** Returns whether something was given up, so that it may be pruned. */
  boolean enforce(List<ReplicaUploader> uploaders) {
    long bytes = catalog.segmentBytes() + sealing.waitingBytes() + capture.logLength();
    if (generation.get() == null || bytes <= limit / 2) {
      relieved(bytes);
      return false;
    }
    boolean released = releaseUnmerged(uploaders, bytes);
    if (released || bytes <= limit) {
      return released; // what is left is seen with the next segment
    }
    List<ReplicaUploader> lagging =
        uploaders.stream().filter(uploader -> backlog(uploader) > limit / 2).toList();
    if (lagging.isEmpty()) {
      return false;
    }
    boolean spare = false;
    for (ReplicaUploader uploader : lagging) {
      spare |= uploader.dropMerged();
    }
    if (spare) {
      return true;
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
    capture.beginGeneration(GenerationCause.SHADOW_LIMIT, reason, null);
    GenerationStart next = generation.get();
    if (next != null) {
      lagging.forEach(uploader -> uploader.dropBefore(next.generation()));
    }
    return true;
  }

  /**
   * Where nothing can be written, as on a full disk, segments that only wait to be merged must not
   * keep commits out.
   *
   * @return whether they were given up, so that they may be pruned
   */
  boolean makeRoom() {
    boolean failing = capture.trouble() != null || sealing.error() != null;
    if (failing) {
      compaction.giveUp(Long.MAX_VALUE, segment -> false);
    }
    return failing;
  }

  /** Leaves the oldest segments unmerged, as far as that makes room. */
  private boolean releaseUnmerged(List<ReplicaUploader> uploaders, long bytes) {
    Predicate<SealedArtefact> needed =
        artefact -> uploaders.stream().anyMatch(uploader -> uploader.needs(artefact));
    long waiting = catalog.bytes(artefact -> compaction.waits(artefact) && !needed.test(artefact));
    long excess = Math.min(waiting, Math.max(waiting - limit / 2, bytes - limit));
    if (excess <= 0) {
      relieved(waiting);
      return false;
    }
    if (episode.failed("")) {
      LOG.warn(
          "the shadow directory has {} bytes of segments, {} of them only to be merged yet; so that"
              + " it keeps to the shadowLimit of {}, the oldest stay unmerged: replicas keep more"
              + " objects. Raise shadowLimit, or lower the widest level of compaction",
          bytes,
          waiting,
          limit);
    }
    compaction.giveUp(excess, needed);
    return true;
  }

  /** At a half it would be told again and again. */
  private void relieved(long bytes) {
    if (bytes < limit / 4 && episode.succeeded()) {
      LOG.info("the shadow directory has room again for all that waits to be merged");
    }
  }

  private static long backlog(ReplicaUploader uploader) {
    return uploader.pending().stream()
        .filter(artefact -> !artefact.snapshot())
        .mapToLong(SealedArtefact::size)
        .sum();
  }
}
