package dev.stream.core.read;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.StateGraph;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.shadow.PageHashTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest state that can be proven where the newest of all cannot: whole artefacts that
 * follow each other, but do not make up the database that they say. It applies them from a snapshot
 * on, one after the other, to a table of page hashes, and after each one holds the sum of these to
 * the database checksum that the artefact claims. A later state can be right again where an earlier
 * one is not, so it goes on to the end.
 *
 * <p>Reads each artefact of a chain once. Memory: 16 MiB of the table, the rest in a file; 8 bytes
 * a page.
 */
public final class ProofSearch {

  private final BlockFetchPipeline pipeline;
  private final Supplier<Path> scratch;
  private final Progress progress;

  /**
   * A search.
   *
   * @param scratch a name for a temporary file
   */
  public ProofSearch(BlockFetchPipeline pipeline, Supplier<Path> scratch, Progress progress) {
    this.pipeline = pipeline;
    this.scratch = scratch;
    this.progress = progress;
  }

  /** A state, proven. */
  public record Proven(RestorePlan plan, long checksum) {}

  /**
   * The newest state of a generation that can be proven; empty if there is none.
   *
   * @throws IOException if the replica cannot be read, so that nothing can be said
   */
  public Optional<Proven> newest(GenerationListing generation) throws IOException {
    StateGraph graph = new StateGraph(generation);
    List<SnapshotDescriptor> newestFirst = new ArrayList<>(generation.snapshots());
    Collections.reverse(newestFirst);
    for (SnapshotDescriptor snapshot : newestFirst) {
      Proven proven = follow(graph.narrowest(snapshot));
      if (proven != null) {
        return Optional.of(proven);
      }
    }
    return Optional.empty();
  }

  private @Nullable Proven follow(RestorePlan chain) throws IOException {
    progress.begin(RestorePhase.PROVE, chain.totalBytes());
    List<ArtefactDescriptor> oldestFirst = chain.newestFirst();
    Collections.reverse(oldestFirst);
    Proven proven = null;
    try (PageHashTable table = PageHashTable.temporary(scratch.get())) {
      ArtefactHeader last = null;
      for (int i = 0; i < oldestFirst.size(); i++) {
        Applied applied = new Applied(table, oldestFirst.get(i), last);
        try {
          pipeline.read(List.of(oldestFirst.get(i)), applied);
        } catch (IOException e) {
          if (ArtefactDamage.isDamage(e)) {
            break; // what builds on it has no ground
          }
          throw e;
        }
        last = applied.header();
        table.truncate(last.highWaterMark());
        if (table.checksum() == last.checksum()) {
          List<SegmentDescriptor> segments = chain.segments().subList(0, i);
          proven =
              new Proven(new RestorePlan(chain.snapshot(), segments, List.of()), last.checksum());
        }
      }
    }
    return proven;
  }

  /** Puts the pages of one artefact into the table. */
  private final class Applied implements ArtefactVisitor {

    private final PageHashTable table;
    private final ArtefactDescriptor artefact;
    private final @Nullable ArtefactHeader before;
    private volatile @Nullable ArtefactHeader header;

    Applied(PageHashTable table, ArtefactDescriptor artefact, @Nullable ArtefactHeader before) {
      this.table = table;
      this.artefact = artefact;
      this.before = before;
    }

    ArtefactHeader header() {
      ArtefactHeader read = header;
      if (read == null) {
        throw new IllegalStateException(artefact.key() + " was not read");
      }
      return read;
    }

    @Override
    public List<BlockClaim> opened(OpenArtefact open) throws IOException {
      ArtefactHeader read = open.header();
      if (before != null) {
        ChainCheck chain = new ChainCheck();
        chain.next(artefact.key().value(), read);
        chain.next("the artefact before it", before);
      }
      header = read;
      PageClaims claims = new PageClaims();
      claims.limit(read.highWaterMark());
      return BlockClaim.all(open.reader().blocks(), claims);
    }

    @Override
    public void pages(long firstId, int count, byte[] data, int offset) throws IOException {
      int pageSize = header().pageSize();
      long[] hashes = new long[count];
      for (int i = 0; i < count; i++) {
        hashes[i] = PageHash.of(firstId + i, data, offset + i * pageSize, pageSize);
      }
      synchronized (table) {
        for (int i = 0; i < count; i++) {
          table.set(firstId + i, hashes[i]);
        }
      }
    }

    @Override
    public void progressed(long bytes) {
      progress.add(bytes);
    }
  }
}
