package dev.stream.core.verify;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.read.OpenArtefact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What matters of an artefact's header for whether artefacts belong together. Not the header
 * itself: those of all artefacts are kept until a generation is judged, and attributes take most of
 * one.
 */
record VerifiedArtefact(
    ArtefactDescriptor descriptor,
    boolean snapshot,
    long parentTxId,
    long parentChecksum,
    long checksum,
    int pageSize,
    long fileChecksum,
    @Nullable Instant committedAt) {

  static VerifiedArtefact of(OpenArtefact artefact) {
    ArtefactDescriptor descriptor = artefact.descriptor();
    ArtefactHeader header = artefact.header();
    CommitClock clock = CommitClock.of(header);
    return new VerifiedArtefact(
        descriptor,
        header.kind() == ArtefactKind.SNAPSHOT,
        header.parentTxId(),
        header.parentChecksum(),
        header.checksum(),
        header.pageSize(),
        artefact.reader().fileChecksum(),
        clock == null ? null : clock.lastCommitAt());
  }

  String key() {
    return descriptor.key().value();
  }

  WholeArtefact whole() {
    return new WholeArtefact(
        key(),
        snapshot,
        descriptor.lastTxId(),
        committedAt,
        descriptor.size(),
        checksum,
        fileChecksum);
  }

  /** The state that applying it yields. */
  State state() {
    return new State(descriptor.lastTxId(), checksum, pageSize);
  }

  /** The state on which a segment builds. */
  State parent() {
    return new State(parentTxId, parentChecksum, pageSize);
  }

  /** A database as of a transaction, as far as headers have to agree on it. */
  record State(long txId, long checksum, int pageSize) {}
}
