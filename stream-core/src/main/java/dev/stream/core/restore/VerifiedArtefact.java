package dev.stream.core.restore;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;

/** What matters of an artefact's header for whether artefacts belong together. */
record VerifiedArtefact(
    ArtefactDescriptor descriptor,
    boolean snapshot,
    long parentTxId,
    long parentChecksum,
    long checksum,
    int pageSize) {

  static VerifiedArtefact of(ArtefactDescriptor descriptor, ArtefactHeader header) {
    return new VerifiedArtefact(
        descriptor,
        header.kind() == ArtefactKind.SNAPSHOT,
        header.parentTxId(),
        header.parentChecksum(),
        header.checksum(),
        header.pageSize());
  }

  String key() {
    return descriptor.key().value();
  }

  /** The state that applying it yields. */
  State state() {
    return new State(descriptor.lastTxId(), checksum, pageSize);
  }

  /** The state on which a segment builds. */
  State parent() {
    return new State(parentTxId, parentChecksum, pageSize);
  }

  /** A database as of a transaction. */
  record State(long txId, long checksum, int pageSize) {}
}
