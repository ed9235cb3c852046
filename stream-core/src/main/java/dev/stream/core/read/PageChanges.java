package dev.stream.core.read;

import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import dev.stream.api.file.Folders;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.file.RestoreFile;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.retry.FailureText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What segments make of a state: the newest version of each page in them, fetched into a temporary
 * file. Memory is bounded as in a restore.
 *
 * <p>The first segment may begin before the state, as a wide one does whose parts are gone: what it
 * has of earlier transactions is what the state has already, or is newer in it, too.
 *
 * <p>For one thread.
 */
public final class PageChanges implements AutoCloseable {

  private static final int RUN_BYTES = 1 << 18;

  private final Path copy;
  private final ChainCheck chain = new ChainCheck();
  private final PageClaims claims = new PageClaims();
  private final FetchMeter meter = new FetchMeter();
  private @Nullable ArtefactHeader newest;
  private @Nullable ArtefactHeader oldest;
  private String oldestKey = "";
  private long lowest = Long.MAX_VALUE;
  private volatile @Nullable RestoreFile file;
  private volatile @Nullable ArtefactDescriptor damaged;

  private PageChanges(Path copy) {
    this.copy = copy;
  }

  /**
   * Where changes begin.
   *
   * @param txId last transaction of the state
   * @param checksum its database checksum
   * @param pageSize bytes per page
   * @param highWaterMark size in pages
   */
  public record Base(long txId, long checksum, int pageSize, long highWaterMark) {}

  /** An artefact is damaged, is another one than its key says, does not fit, or is gone. */
  public static final class UnusableException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable ArtefactDescriptor artefact;

    UnusableException(@Nullable ArtefactDescriptor artefact, IOException cause) {
      super(FailureText.of(cause), cause);
      this.artefact = artefact;
    }

    /** Which; null if it is about how several fit together. */
    public @Nullable ArtefactDescriptor artefact() {
      return artefact;
    }
  }

  /**
   * Fetches them.
   *
   * @param segments at least one, ascending, each beginning right after the one before
   * @param copy what is to be changed; the temporary file lies beside it
   * @throws UnusableException if the segments cannot be used
   * @throws IOException if they cannot be had now, or the temporary file cannot be written
   */
  public static PageChanges fetch(
      ReplicaArchive archive,
      List<SegmentDescriptor> segments,
      Base base,
      Path copy,
      CodecLookup codecs,
      int parallelism)
      throws IOException {
    List<SegmentDescriptor> newestFirst = new ArrayList<>(segments);
    Collections.reverse(newestFirst);
    PageChanges changes = new PageChanges(copy);
    try {
      new BlockFetchPipeline(archive, codecs, changes.meter, parallelism)
          .read(newestFirst, changes.new Taking());
      changes.requireFollows(base);
      changes.claimEmptied(base);
      return changes;
    } catch (IOException | RuntimeException e) {
      changes.close();
      if (e instanceof IOException io && ArtefactDamage.isDamage(io)) {
        throw new UnusableException(changes.damaged, io);
      }
      throw e;
    }
  }

  /** Removes what killed processes left beside a copy. */
  public static void removeAbandoned(Path copy) throws IOException {
    RestoreFile.removeAbandoned(Folders.of(copy), copy);
  }

  /** The newest segment's header: it says what state the changes lead to. */
  public ArtefactHeader after() {
    ArtefactHeader header = newest;
    if (header == null) {
      throw new IllegalStateException("nothing was fetched");
    }
    return header;
  }

  /** Stored bytes fetched. */
  public long bytesFetched() {
    return meter.bytes();
  }

  /** The changed pages. */
  public PageFrames frames() {
    return this::forEach;
  }

  private void forEach(PageFrames.Consumer consumer) throws IOException {
    int pageSize = after().pageSize();
    RestoreFile pages = written();
    byte[] data = new byte[Math.max(1, RUN_BYTES / pageSize) * pageSize];
    for (long first = claims.next(1); first > 0; ) {
      long end = first;
      long next;
      do {
        end++;
        next = claims.next(end);
      } while (next == end && (end - first) * pageSize < data.length);
      int count = (int) (end - first);
      pages.read(first, count, data);
      ByteBuffer bytes = ByteBuffer.wrap(data, 0, count * pageSize);
      consumer.accept(new PageFrame(first, count - 1, bytes));
      first = next;
    }
  }

  /** Takes what is read. */
  private final class Taking implements ArtefactVisitor {

    @Override
    public List<BlockClaim> opened(OpenArtefact artefact) throws IOException {
      ArtefactHeader header = artefact.header();
      String key = artefact.descriptor().key().value();
      chain.next(key, header);
      if (newest == null) {
        newest = header;
        file = RestoreFile.create(Folders.of(copy), copy, header.pageSize(), false);
      }
      oldest = header;
      oldestKey = key;
      lowest = Math.min(lowest, header.highWaterMark());
      claims.limit(header.highWaterMark());
      return BlockClaim.wanted(artefact.reader().blocks(), claims);
    }

    @Override
    public void pages(long firstId, int count, byte[] data, int offset) throws IOException {
      written().write(firstId, count, data, offset);
    }

    @Override
    public void failed(ArtefactDescriptor artefact, IOException failure) throws IOException {
      if (ArtefactDamage.isDamage(failure)) {
        damaged = artefact;
      }
      throw failure;
    }
  }

  private RestoreFile written() {
    RestoreFile target = file;
    if (target == null) {
      throw new IllegalStateException("nothing was fetched");
    }
    return target;
  }

  private void requireFollows(Base base) throws ChainException {
    ArtefactHeader first = oldest;
    if (first == null
        || first.parentTxId() > base.txId()
        || first.pageSize() != base.pageSize()
        || (first.parentTxId() == base.txId() && first.parentChecksum() != base.checksum())) {
      throw new ChainException(
          oldestKey
              + " does not build on transaction "
              + base.txId()
              + " with the database checksum "
              + ChecksumSum.hex(base.checksum()));
    }
  }

  /** Pages that were cut off on the way, or never there, and that nobody wrote since, are zeros. */
  private void claimEmptied(Base base) {
    claims.claimAll(Math.min(lowest, base.highWaterMark()) + 1, after().highWaterMark());
  }

  @Override
  public void close() throws IOException {
    RestoreFile temporary = file;
    file = null;
    if (temporary != null) {
      temporary.close();
    }
  }
}
