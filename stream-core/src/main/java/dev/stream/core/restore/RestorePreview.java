package dev.stream.core.restore;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.read.BlockBatch;
import dev.stream.core.read.OpenArtefact;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.ReachableState;
import dev.stream.core.timeline.RestoreOffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a restore would do. Nothing of it is proven: that takes the restore itself.
 *
 * @param path the file that would be restored
 * @param replica name of the replica that would be read
 * @param reason why this one; a sentence without its full stop
 * @param generation its generation
 * @param txId the transaction whose state it would be
 * @param committedAt when that transaction was seen, by the clock of the capturing machine; null if
 *     the artefact does not say
 * @param after the next state that could be restored instead; null if there is none, or the newest
 *     state was asked for
 * @param pageSize bytes per page
 * @param highWaterMark size in pages
 * @param snapshotTxId the snapshot it would begin with
 * @param segments number of segments after it
 * @param requests how many requests would read them, about; without listing
 * @param bytes their stored bytes: the most that would be fetched, since pages that a later segment
 *     has are passed over
 * @param warnings what an operator should know: sentences
 */
public record RestorePreview(
    Path path,
    String replica,
    String reason,
    GenerationId generation,
    long txId,
    @Nullable Instant committedAt,
    @Nullable ReachableState after,
    int pageSize,
    long highWaterMark,
    long snapshotTxId,
    int segments,
    long requests,
    long bytes,
    List<String> warnings) {

  /** Copies the list. */
  public RestorePreview {
    warnings = List.copyOf(warnings);
  }

  static RestorePreview of(
      Path path,
      RestoreOffer offer,
      int parallelism,
      String reason,
      ArtefactHeader newest,
      List<String> warnings) {
    RestorePlan plan = offer.plan();
    CommitClock told = CommitClock.of(newest);
    return new RestorePreview(
        path,
        offer.replica(),
        reason,
        plan.generation(),
        plan.txId(),
        told == null ? null : told.lastCommitAt(),
        offer.after(),
        newest.pageSize(),
        newest.highWaterMark(),
        plan.snapshot().txId(),
        plan.segments().size(),
        plan.newestFirst().stream().mapToLong(artefact -> requests(artefact, parallelism)).sum(),
        plan.totalBytes(),
        warnings);
  }

  /** A large artefact is read in ranges, after its header and its index. */
  private static long requests(ArtefactDescriptor artefact, int parallelism) {
    if (artefact.size() <= OpenArtefact.WHOLE) {
      return 1;
    }
    long range = BlockBatch.mostBytes(artefact.size(), parallelism);
    return 2 + (artefact.size() + range - 1) / range;
  }

  /** Size of the file in bytes. */
  public long fileSize() {
    return highWaterMark * pageSize;
  }

  /** How many artefacts would be read. */
  public int objects() {
    return segments + 1;
  }
}
