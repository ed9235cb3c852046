package dev.stream.core.artefact;

/**
 * An artefact that was written, as only its writer knows it; a file is durable then. What a listing
 * tells of it later is an {@code ArtefactDescriptor}.
 *
 * @param header its header, with the totals
 * @param blockCount number of blocks
 * @param size its length in bytes
 * @param fileChecksum checksum of the whole file, as in its footer
 */
public record ArtefactSummary(
    ArtefactHeader header, long blockCount, long size, long fileChecksum) {

  /** Number of pages in the artefact. */
  public long pageCount() {
    return header.pageCount();
  }

  /** Checksum of the database as of the artefact's last transaction. */
  public long checksum() {
    return header.checksum();
  }
}
