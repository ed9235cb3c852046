package dev.stream.core.artefact;

import java.nio.file.Path;

/**
 * An artefact that was written and made durable.
 *
 * @param file where it is
 * @param header its header, with the totals
 * @param blockCount number of blocks
 * @param size bytes in the file
 * @param fileChecksum checksum of the whole file, as in its footer
 */
public record ArtefactSummary(
    Path file, ArtefactHeader header, long blockCount, long size, long fileChecksum) {

  /** Number of pages in the artefact. */
  public long pageCount() {
    return header.pageCount();
  }

  /** Checksum of the database as of the artefact's last transaction. */
  public long checksum() {
    return header.checksum();
  }
}
