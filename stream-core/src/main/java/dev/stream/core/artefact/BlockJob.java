package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;
import dev.stream.core.checksum.PageHash;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * One block on its way from pages to stored bytes, with buffers that serve one block after another.
 * The writer fills it, some thread packs it, the writer stores it; never two of them at once.
 */
final class BlockJob implements Callable<BlockJob> {

  private final Codec codec;
  private final int pageSize;
  private final boolean hashesPages;
  private final byte[] raw;
  private final byte[] packed;
  private PageRuns.Builder runs = new PageRuns.Builder(4);
  private int rawLength;
  private @Nullable PageRuns pages;
  private int packedLength;
  private long checksum;
  private long pagesChecksum;
  private FutureTask<BlockJob> task = new FutureTask<>(this);

  BlockJob(Codec codec, int pageSize, int capacity, boolean hashesPages) {
    this.codec = codec;
    this.pageSize = pageSize;
    this.hashesPages = hashesPages;
    this.raw = new byte[capacity];
    this.packed = new byte[codec.maxCompressedLength(capacity)];
  }

  /** Makes room for {@code length} more bytes and tells where they go. */
  int append(long id, int length) {
    int at = rawLength;
    runs.add(id, length / pageSize);
    rawLength += length;
    return at;
  }

  byte[] raw() {
    return raw;
  }

  boolean isFull() {
    return rawLength + pageSize > raw.length;
  }

  /** To be run once, by whoever comes first. */
  FutureTask<BlockJob> task() {
    return task;
  }

  @Override
  public BlockJob call() throws IOException {
    pages = runs.build();
    packedLength = codec.compress(raw, 0, rawLength, packed, 0);
    if (packedLength < 1) {
      throw new IOException(
          codec.description() + " made " + packedLength + " bytes of a block of " + rawLength);
    }
    checksum = Checksums.of(stored(), 0, storedLength());
    if (hashesPages) {
      hashPages(pages);
    }
    return this;
  }

  private void hashPages(PageRuns of) {
    int offset = 0;
    for (int run = 0; run < of.runCount(); run++) {
      for (int i = 0; i < of.length(run); i++) {
        pagesChecksum ^= PageHash.of(of.firstId(run) + i, raw, offset, pageSize);
        offset += pageSize;
      }
    }
  }

  /** A block that does not shrink is stored as it is; its length says so. */
  byte[] stored() {
    return packedLength < rawLength ? packed : raw;
  }

  int storedLength() {
    return Math.min(packedLength, rawLength);
  }

  PageRuns pages() {
    if (pages == null) {
      throw new IllegalStateException("not packed yet");
    }
    return pages;
  }

  long checksum() {
    return checksum;
  }

  /** XOR of the hashes of its pages, if asked for. */
  long pagesChecksum() {
    return pagesChecksum;
  }

  BlockJob reset() {
    runs = new PageRuns.Builder(4);
    rawLength = 0;
    pages = null;
    pagesChecksum = 0;
    task = new FutureTask<>(this);
    return this;
  }
}
