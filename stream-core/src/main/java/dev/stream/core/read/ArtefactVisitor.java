package dev.stream.core.read;

import dev.stream.core.archive.ArtefactDescriptor;
import java.io.IOException;
import java.util.List;

/** What is done with artefacts as {@link BlockFetchPipeline} reads them. */
public interface ArtefactVisitor {

  /**
   * An artefact is open: says which blocks are to be read. Called by the pipeline's own thread, in
   * the order of the artefacts.
   */
  List<BlockClaim> opened(OpenArtefact artefact) throws IOException;

  /**
   * Those of the claims, ascending as they are, whose blocks have to be fetched; the pages of the
   * others are at hand, and taken by now. Any thread.
   */
  default List<BlockClaim> missing(OpenArtefact artefact, List<BlockClaim> claims)
      throws IOException {
    return claims;
  }

  /** Takes claimed pages: neighbours, in {@code data} from {@code offset} on. Any thread. */
  void pages(long firstId, int count, byte[] data, int offset) throws IOException;

  /**
   * An artefact cannot be read. Any thread, perhaps more than once for an artefact.
   *
   * @throws IOException to end it all
   */
  default void failed(ArtefactDescriptor artefact, IOException failure) throws IOException {
    throw failure;
  }

  /** So many stored bytes are done with. Any thread. */
  default void progressed(long bytes) {}
}
