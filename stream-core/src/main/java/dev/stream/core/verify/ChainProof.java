package dev.stream.core.verify;

import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.read.ArtefactVisitor;
import dev.stream.core.read.BlockClaim;
import dev.stream.core.read.ChainCheck;
import dev.stream.core.read.ChainException;
import dev.stream.core.read.ChecksumSum;
import dev.stream.core.read.OpenArtefact;
import dev.stream.core.read.PageClaims;
import dev.stream.core.read.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a state together from its artefacts without writing it: adds up the database checksum of the
 * newest version of each page. Reads every block on the way, wanted or not.
 */
final class ChainProof implements ArtefactVisitor {

  private final Map<String, VerifiedArtefact> read;
  private final Progress progress;
  private final ChainCheck chain = new ChainCheck();
  private final PageClaims claims = new PageClaims();
  private @Nullable ArtefactHeader newest;
  private volatile @Nullable ChecksumSum sum;

  /**
   * A proof.
   *
   * @param read gets every artefact whose header was read
   */
  ChainProof(Map<String, VerifiedArtefact> read, Progress progress) {
    this.read = read;
    this.progress = progress;
  }

  @Override
  public List<BlockClaim> opened(OpenArtefact artefact) throws IOException {
    ArtefactHeader header = artefact.header();
    String key = artefact.descriptor().key().value();
    chain.next(key, header);
    if (newest == null) {
      newest = header;
      sum = new ChecksumSum(header.pageSize());
    }
    claims.limit(header.highWaterMark());
    read.put(key, VerifiedArtefact.of(artefact));
    return BlockClaim.all(artefact.reader().blocks(), claims);
  }

  @Override
  public void pages(long firstId, int count, byte[] data, int offset) {
    ChecksumSum adding = sum;
    if (adding == null) {
      throw new IllegalStateException("pages before the first artefact");
    }
    adding.pages(firstId, count, data, offset);
  }

  @Override
  public void progressed(long bytes) {
    progress.add(bytes);
  }

  /** The proven checksum, once all artefacts have been read. */
  long checksum() throws ChainException {
    ArtefactHeader header = newest;
    ChecksumSum added = sum;
    if (header == null || added == null) {
      throw new IllegalStateException("nothing was read");
    }
    if (added.value() != header.checksum()) {
      throw new ChainException(
          "the pages up to transaction "
              + header.txId()
              + " have the database checksum "
              + ChecksumSum.hex(added.value())
              + " instead of "
              + ChecksumSum.hex(header.checksum())
              + "; the artefacts do not make up the database that was captured");
    }
    return added.value();
  }
}
